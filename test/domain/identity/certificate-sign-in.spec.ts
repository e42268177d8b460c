import { certificateSignInDecider } from '../../../src/domain/identity/certificate-sign-in.js';
import type {
  CertificateAccepted, CertificateRefused,
} from '../../../src/domain/identity/certificate-sign-in.events.js';
import { rulesOf } from '../support/given-when-then.js';

const { given } = rulesOf(certificateSignInDecider);
const at = '2026-11-22T03:04:05.678Z';
const attempt = { personId: 'ming', attemptId: 'attempt-1', purpose: 'sign-in' } as const;
const accept = (memberId: string | null = null) =>
  ({ type: 'AcceptCertificate', ...attempt, memberId, at } as const);
const refuse = { type: 'RefuseCertificate', ...attempt, reason: 'other-name', at } as const;
const accepted = (more: { memberId?: string; attemptId?: string } = {}): CertificateAccepted =>
  ({ type: 'CertificateAccepted', data: { ...attempt, ...more, acceptedAt: at } });
const refused: CertificateRefused =
  { type: 'CertificateRefused', data: { ...attempt, reason: 'other-name', refusedAt: at } };

describe('a certificate', () => {
  it('that let somebody in is recorded, with the entry on the staff list if there is one', () => {
    given().when(accept()).thenFacts(accepted());
    given().when(accept('lin')).thenFacts(accepted({ memberId: 'lin' }));
  });

  it('is recorded with what it was shown for', () => {
    const purpose = 'delegate-verification';
    given().when({ ...accept(), purpose })
      .thenFacts({ ...accepted(), data: { ...accepted().data, purpose } });
  });

  it('that named somebody else is recorded for the owner of the ID number', () =>
    given().when(refuse).thenFacts(refused));

  it('is recorded once for each attempt', () => {
    given(accepted()).when(accept()).thenNothing();
    given(refused).when(refuse).thenNothing();
    given(accepted({ attemptId: 'attempt-0' })).when(accept()).thenFacts(accepted());
  });

  it('is never suspended, however often it was refused', () => {
    const past = Array.from({ length: 20 }, (_, n) => ({
      ...refused, data: { ...refused.data, attemptId: `earlier-${n}` },
    }));
    given(...past).when(accept()).thenFacts(accepted());
  });
});
