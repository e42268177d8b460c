import type { AgentKeys } from '../attestation/agent-keys.js';
import type { CardReader } from '../card/card-reader.js';
import type { CertificateCards } from '../certificates/certificate-cards.js';
import type { Operations } from '../operations.js';

export interface AgentParts {
  readonly reader: CardReader;
  readonly certificates: CertificateCards;
  readonly keys: AgentKeys;
  readonly operations: Operations;
  readonly allowedOrigins: readonly string[];
  /** What, for whom, how it ended. Nothing that a card said ever comes here. */
  readonly log: (line: string) => void;
}
