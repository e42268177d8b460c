/** What the schema language says of something wrong; `message` is ours where a rule of ours has one. */
export interface Issue {
  readonly message: string;
  readonly code?: string;
  readonly params?: { readonly code?: string };
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  readonly origin?: string;
  readonly expected?: string;
  readonly format?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
}

/** The schema language quotes members that nobody knows, and words to choose from: both may be 中文. */
const quotes: readonly string[] = ['unrecognized_keys', 'invalid_value'];
const isOurs = ({ code = '', message }: Issue): boolean =>
  !quotes.includes(code) && /\p{Script=Han}/u.test(message);

/** For people, 中文 first. Says what is expected, never what was given nor how it is checked. */
export function messageOf(issue: Issue): string {
  if (isOurs(issue)) return issue.message;
  switch (issue.code ?? '') {
    case 'invalid_type': return ofType(issue);
    case 'too_small': return ofSize(issue, '至少', 'at least', issue.minimum);
    case 'too_big': return ofSize(issue, '至多', 'at most', issue.maximum);
    case 'invalid_value': {
      const words = (issue.values ?? []).join(', ');
      return `應為下列之一 / must be one of: ${words}`;
    }
    case 'unrecognized_keys': return '有不認得的欄位 / there are fields that nobody knows';
    case 'invalid_format': return issue.format === 'uuid'
      ? '應為 UUID / must be a UUID' : '格式有誤 / is not of the expected form';
    default: return '輸入有誤 / is invalid';
  }
}

function ofType({ expected = '', message }: Issue): string {
  if (message.endsWith('received undefined')) return '必填 / is required';
  const types: Readonly<Record<string, string>> = {
    string: '應為一項文字 / must be one text', number: '應為數字 / must be a number',
    int: '應為整數 / must be a whole number', boolean: '應為 true 或 false / must be true or false',
    array: '應為清單 / must be a list', object: '應為物件 / must be an object',
  };
  return types[expected] ?? '類型有誤 / is of the wrong type';
}

function ofSize({ origin }: Issue, zh: string, en: string, bound: number | bigint = 0): string {
  switch (origin ?? '') {
    case 'string': return `${zh} ${bound} 個字元 / must have ${en} ${bound} characters`;
    case 'array': return `${zh} ${bound} 項 / must have ${en} ${bound} items`;
    default: return `${zh} ${bound} / must be ${en} ${bound}`;
  }
}
