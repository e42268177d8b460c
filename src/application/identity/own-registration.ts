/** What a session knows of its owner's registration. Nobody else's can be named. */
export interface OwnRegistration {
  readonly registrationId: string;
  /** The card agent that was signed in with. */
  readonly agentId: string;
  readonly sessionId: string;
}
