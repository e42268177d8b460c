import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';

describe('a master key', () => {
  it('is 32 bytes in standard base64, to the character', () => {
    for (const wrong of ['', 'q'.repeat(43), 'q'.repeat(43) + '=', 'q'.repeat(44), 'q'.repeat(42) + 'o=\n']) {
      expect(() => MasterKey.fromBase64(wrong)).toThrow('32 bytes');
    }
  });
});
