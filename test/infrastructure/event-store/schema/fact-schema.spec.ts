import { z } from 'zod';
import { factSchema } from '../../../../src/infrastructure/event-store/schema/fact-schema.js';
import { actor, instant, sealed, uuid } from '../../../../src/infrastructure/event-store/schema/fields.js';

/** Each `@ts-expect-error` is a proof: the type check of the tests fails when the line below it compiles. */

const approved = { accountId: uuid, approvedBy: actor, approvedAt: instant };
const registered = {
  applicantId: uuid, kind: z.enum(['person', 'company']), idNumber: sealed, name: sealed,
  registeredAt: instant,
};
const personal = { idNumber: 'identity', name: 'identity' } as const;
const subject = 'applicantId';
const approvedV1 = z.strictObject(approved);

describe('a schema that is not the fact it stores does not compile', () => {
  it('when a field is missing, one too many, optional or of another type', () => {
    const { approvedBy: _missing, ...withoutOfficer } = approved;
    // @ts-expect-error no approvedBy
    factSchema('AccountApproved', { versions: [z.strictObject(withoutOfficer)] });
    // @ts-expect-error a field more
    factSchema('AccountApproved', { versions: [approvedV1.extend({ note: z.string() })] });
    // @ts-expect-error an optional field more: assignable both ways, and yet another fact
    factSchema('AccountApproved', { versions: [approvedV1.extend({ note: z.string().optional() })] });
    // @ts-expect-error approvedAt optional
    factSchema('AccountApproved', { versions: [approvedV1.extend({ approvedAt: instant.optional() })] });
    // @ts-expect-error approvedAt is text
    expect(() => factSchema('AccountApproved', { versions: [approvedV1.extend({ approvedAt: z.number() })] }))
      .toThrow('teach the quick check');
  });

  it('when a list of words is longer or shorter than the domain’s', () => {
    const longer = z.strictObject({ ...registered, kind: z.enum(['person', 'company', 'trust']) });
    const shorter = z.strictObject({ ...registered, kind: z.enum(['person']) });
    // @ts-expect-error a kind the domain does not know
    factSchema('ApplicantRegistered', { versions: [longer], subject, personal });
    // @ts-expect-error a kind the schema does not know
    factSchema('ApplicantRegistered', { versions: [shorter], subject, personal });
  });

  it('when a personal field may lie in the log in clear', () => {
    const clear = z.strictObject({ ...registered, name: z.strictObject({ plain: z.string() }) });
    // @ts-expect-error the name in clear
    factSchema('ApplicantRegistered', { versions: [clear], subject, personal });
  });
});

describe('a definition that leaves something out does not compile', () => {
  const versions = [z.strictObject(registered)] as const;

  it('when a personal field has no purpose, and so no key', () => {
    // @ts-expect-error no purpose for the name
    factSchema('ApplicantRegistered', { versions, subject, personal: { idNumber: 'identity' } });
    // @ts-expect-error nothing personal at all
    factSchema('ApplicantRegistered', { versions, subject });
  });

  it('when it does not say whose data it is', () => {
    // @ts-expect-error no subject
    factSchema('ApplicantRegistered', { versions, personal });
    // @ts-expect-error not a field of the fact
    factSchema('ApplicantRegistered', { versions, subject: 'personId', personal });
  });

  it('when a version has no step to the next, or one that makes something else', () => {
    const v0 = z.strictObject({ accountId: uuid, approvedBy: actor });
    type Old = z.output<typeof v0>;
    // @ts-expect-error no step
    factSchema('AccountApproved', { versions: [v0, approvedV1] });
    // @ts-expect-error a step that leaves out approvedAt
    factSchema('AccountApproved', { versions: [v0, approvedV1], upcasts: [(old: Old) => old] });
    const complete = { approvedAt: '2023-05-10T03:04:05.678Z' };
    const { versions: known } = factSchema('AccountApproved', {
      versions: [v0, approvedV1], upcasts: [(old: Old) => ({ ...old, ...complete })],
    });
    expect(known.length).toBe(2);
  });
});
