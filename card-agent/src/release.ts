/** Raised with every release; a site may ask for a least version. Kept equal to package.json by a test. */
export const version = '0.1.0';

/** Informative: whoever checks an attestation decides by format, key and signature, not by this. */
export const appVersion = `https://treasury-card-agent.example/agent/releases/${version}`;
