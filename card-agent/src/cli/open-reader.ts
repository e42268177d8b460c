import type { CardReader } from '../card/card-reader.js';
import type { CertificateCards } from '../certificates/certificate-cards.js';
import { DemoCertificateCards } from '../certificates/demo-certificate-cards.js';
import { Pkcs11CertificateCards } from '../certificates/pkcs11-certificate-cards.js';
import { DemoReader } from '../card/demo-reader.js';
import { PcscReader } from '../pcsc/pcsc-reader.js';
import type { Settings } from '../settings.js';

export const openCertificateCards = ({ demoCards, certificateModule }: Settings): CertificateCards =>
  demoCards === null ? new Pkcs11CertificateCards(certificateModule) : new DemoCertificateCards(demoCards);

export const openReader = ({ demoCards }: Settings): CardReader =>
  demoCards === null ? new PcscReader() : new DemoReader(demoCards);
