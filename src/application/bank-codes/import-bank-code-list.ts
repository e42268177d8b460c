import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { BankCodeFact, BankCodeListImported } from '../../domain/bank-codes/bank-code.events.js';
import type {
  BankCodeCommand, BankCodeDecision, BankCodeRefusal, BankDirectory,
} from '../../domain/bank-codes/bank-code-directory.js';
import { bankDirectoryDecider, changesOf } from '../../domain/bank-codes/bank-code-directory.js';
import type { Decider } from '../../domain/decider.js';
import { isRefusal } from '../../domain/decider.js';
import { taipeiDate } from '../../domain/roc-date.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { bankCodeDirectoryStream } from '../stream-names.js';
import type {
  BankCodeListCharset, BankCodeListProblem, BankCodeListReader, BankCodeListWarning,
} from './bank-code-list.js';
import { BANK_CODE_LIST_READER } from './bank-code-list.js';

export interface DeliveredBankCodeList {
  readonly file: Uint8Array;
  readonly charset: BankCodeListCharset;
  /** ISO; the day of delivery in Taipei when left out. */
  readonly effectiveDate?: string;
  /** Needed where a list would close so many codes that it looks cut off: exactly that many. */
  readonly confirmClosures?: number;
}

export interface BankCodeListReport {
  readonly added: number;
  readonly renamed: number;
  readonly closed: number;
  readonly reopened: number;
  readonly warnings: readonly BankCodeListWarning[];
}
/**
 * `report` comes with what was done, `line` with a file that is no list, `confirmClosures` with a list that
 * looks cut off: how many codes it would close.
 */
export type ImportOutcome = Outcome<BankCodeRefusal | BankCodeListProblem>
  & {
    readonly report?: BankCodeListReport; readonly line?: number; readonly confirmClosures?: number;
  };

export class ImportBankCodeList extends Command<ImportOutcome> {
  constructor(readonly context: CommandContext, readonly delivered: DeliveredBankCodeList) {
    super();
  }
}

@CommandHandler(ImportBankCodeList)
export class ImportBankCodeListHandler implements ICommandHandler<ImportBankCodeList> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(BANK_CODE_LIST_READER) private readonly reader: BankCodeListReader,
  ) {}

  async execute({ context, delivered }: ImportBankCodeList): Promise<ImportOutcome> {
    const list = await this.reader.read(delivered.file, delivered.charset);
    if (isRefusal(list)) return { outcome: 'refused', code: list.refused, line: list.line };
    const { principal: { id: by }, at } = context;
    const { entries, banks, fileHash, warnings } = list;
    const { effectiveDate = taipeiDate(at), confirmClosures } = delivered;
    const decider = new RememberingDecider();
    const outcome = await handle(this.log, decider, bankCodeDirectoryStream, {
      command: {
        type: 'ImportBankCodeList', entries, banks, effectiveDate, fileHash, confirmClosures, by, at,
      },
      meta: appendMeta(context),
    });
    if (outcome.outcome === 'refused' && outcome.code === 'bank-codes/suspected-truncation') {
      return { ...outcome, confirmClosures: decider.closures };
    }
    if (outcome.outcome !== 'done') return outcome;
    const counted = outcome.replayed ? await this.importedBy(context.commandId) : importOf(decider.decided);
    return { ...outcome, report: { ...countsOf(counted), warnings } };
  }

  /** A repeated request is told what it did the first time, although by now nothing is left to change. */
  private async importedBy(commandId: string): Promise<BankCodeListImported | undefined> {
    for await (const fact of this.log.readStream(bankCodeDirectoryStream)) {
      if (fact.type === 'BankCodeListImported' && fact.meta.commandId === commandId) return fact;
    }
    return undefined;
  }
}

const importOf = (facts: readonly BankCodeFact[]): BankCodeListImported | undefined =>
  facts.find((fact): fact is BankCodeListImported => fact.type === 'BankCodeListImported');

/** Keeps what was decided last, or how many closures stood against it: part of an import's answer. */
class RememberingDecider implements Decider<BankCodeCommand, BankDirectory, BankCodeFact, BankCodeRefusal> {
  decided: readonly BankCodeFact[] = [];
  /** Of a list that was refused because of them. */
  closures = 0;
  readonly initial = bankDirectoryDecider.initial;
  readonly evolve = bankDirectoryDecider.evolve;

  decide(command: BankCodeCommand, state: BankDirectory): BankCodeDecision {
    const decision = bankDirectoryDecider.decide(command, state);
    this.decided = isRefusal(decision) ? [] : decision;
    if (isRefusal(decision) && decision.refused === 'bank-codes/suspected-truncation') {
      this.closures = changesOf(command, state).filter(({ type }) => type === 'BankCodeClosed').length;
    }
    return decision;
  }
}

/** No fact of an import: the list was known and nothing had changed. */
function countsOf(imported: BankCodeListImported | undefined): Omit<BankCodeListReport, 'warnings'> {
  if (!imported) return { added: 0, renamed: 0, closed: 0, reopened: 0 };
  const { added, renamed, closed, reopened } = imported.data;
  return { added, renamed, closed, reopened };
}
