import type { SeededRandom } from './seeded-random.js';

/** Of a thousand payments: first told as 待匯款, and returned by the bank. */
const toldEarlyPerMille = 10;
const returnedPerMille = 3;
const returnReasons = [
  '帳號錯誤', '帳號錯誤', '戶名不符', '戶名不符', '帳戶已結清', '通匯序號錯誤', '押碼不符', '其他：收款行通知停止入帳',
];

/** What becomes of payments after they were made, told on the day it happens. */
export class LaterStatuses {
  private readonly byDay = new Map<number, string[]>();

  constructor(private readonly days: readonly string[], private readonly random: SeededRandom) {}

  /**
   * The status a payment is first told with; what follows is kept for its day. `key` is agency to sequence
   * number.
   */
  firstStatusOf(key: string, day: number): '待匯款' | '已匯款' {
    const { random } = this;
    if (day === this.days.length - 1) return '待匯款';
    const early = random.perMille(toldEarlyPerMille);
    const remittedOn = early ? day + random.between(3, 4) : day;
    if (early) this.keep(remittedOn, key, '已匯款', '');
    // A bank returns only what has been remitted.
    if (random.perMille(returnedPerMille)) this.returnLater(key, remittedOn + random.between(3, 7));
    return early ? '待匯款' : '已匯款';
  }

  /** Records of the days up to this one that were not told yet. */
  dueUntil(day: number): string[] {
    const due = [...this.byDay.keys()].filter((kept) => kept <= day).sort((a, b) => a - b);
    return due.flatMap((kept) => {
      const records = this.byDay.get(kept) ?? [];
      this.byDay.delete(kept);
      return records;
    });
  }

  /** Most are sent again; the rest gets a cheque, is given up, or stays open. */
  private returnLater(key: string, day: number): void {
    const { random } = this;
    this.keep(day, key, '退匯', random.pick(returnReasons));
    const next = day + random.between(3, 8);
    const drawn = random.below(100);
    if (drawn < 80) this.keep(next, key, '重匯', '更正帳戶資料後重匯');
    else if (drawn < 90) this.keep(next, key, '改簽支票', '');
    else if (drawn < 95) this.keep(next, key, '註銷', '支出收回');
  }

  private keep(day: number, key: string, status: string, reason: string): void {
    // What happens after the last day is not known yet.
    if (day >= this.days.length) return;
    const records = this.byDay.get(day) ?? [];
    records.push(`S,${key},${status},${this.days[day]},${reason}\r\n`);
    this.byDay.set(day, records);
  }
}
