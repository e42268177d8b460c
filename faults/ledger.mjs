/** What clients were promised: the story of every stream as their answers tell it. */
export class Ledger {
  acknowledged = 0;
  /** Stream → facts in the order of their acknowledgement: `{ type, position }`, the position where told. */
  stories = new Map();
  /**
   * Answers that contradict earlier ones: a refusal of what may be done, another answer to the same request.
   */
  wrongAnswers = [];
  /** Requests without an answer when the time was up, though the service had recovered. */
  unanswered = [];

  /** One command was acknowledged, with the facts it stands for. */
  acknowledge(facts) {
    this.acknowledged++;
    for (const { stream, type, position = null } of facts) {
      const story = this.stories.get(stream) ?? [];
      story.push({ type, position });
      this.stories.set(stream, story);
    }
  }

  wrongAnswer(what, { status, text }) {
    this.wrongAnswers.push(`${what}: ${status} ${text.slice(0, 300)}`);
  }
}
