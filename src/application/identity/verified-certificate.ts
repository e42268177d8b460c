/** What a card with a PIN proves: who holds the key that this authority certified, at this moment. */
export interface VerifiedCertificate {
  /** Together they name one certificate for good. Personal: never stored or logged in clear. */
  readonly issuer: string;
  readonly serialNumber: string;
  readonly subject: CertificateSubject;
}

/** 工商憑證 or 自然人憑證. */
export type CertificateSubject = CertifiedCompany | CertifiedPerson;

export interface CertifiedCompany {
  readonly kind: 'company';
  readonly ubn: string;
  readonly name: string;
  /** 正卡 or 附卡, where it says. */
  readonly cardRank: string | null;
}
export interface CertifiedPerson {
  readonly kind: 'person';
  /** As typed; the certificate itself knows only its last four. */
  readonly idNumber: string;
  readonly name: string;
}
