/** A card agent's public key: P-256, coordinates in base64url. Its private half never leaves its machine. */
export interface AgentKey {
  /** RFC 7638 thumbprint. */
  readonly keyId: string;
  readonly x: string;
  readonly y: string;
}

/**
 * What a card agent read and signed for this site and this attempt. The bytes are readable by anyone who ever
 * had the card in a reader: they say which card, and prove no genuine one.
 */
export interface VerifiedCard {
  readonly cardNumber: string;
  readonly idNumber: string;
  /** As on the card; 〓 stands for each character outside the standard, which nobody can guess. */
  readonly name: string;
  readonly isNameComplete: boolean;
  readonly birthDate: string;
  readonly sex: 'M' | 'F';
  readonly issuedOn: string;
  readonly agent: AgentKey;
}
