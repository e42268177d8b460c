import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { PortTaken, asPortTaken, assertPortFree } from '../../src/process/port-taken.js';

describe('a port that another program has', () => {
  it('is told of by name, and what to do, in both languages', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => { other.listen(0, '127.0.0.1', resolve); });
    const { port } = other.address() as AddressInfo;
    const asked = { HOST: '127.0.0.1', PORT: port };
    await expect(assertPortFree(asked)).rejects.toThrow(PortTaken);
    await expect(assertPortFree(asked)).rejects.toThrow(/已被使用.*PORT=8080 npm start/s);
    await new Promise((resolve) => { other.close(resolve); });
    await assertPortFree(asked);
  });

  it('is told of under the name of the setting that chose it', () => {
    const error = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
    const told = asPortTaken(error, { HOST: '127.0.0.1', PORT: 9464 }, 'MANAGEMENT_PORT');
    expect(told?.message).toMatch(/9464.*name another one by MANAGEMENT_PORT/s);
  });
});
