/** Too much is waiting, or the log's head stayed locked: nothing was stored, try again later (HTTP 503). */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy';
}
