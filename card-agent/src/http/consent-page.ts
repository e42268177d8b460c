/**
 * The page on which the person says yes. The site that asks is named by the agent, from what the browser
 * said. The button wakes late: a page that makes people click quickly could otherwise have it clicked unseen.
 */
export function consentPage(nonce: string): string {
  return `<!doctype html>
<html lang="zh-TW">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>讀卡元件：同意</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
${content}
<script nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

const content = `<main>
<h1>讀卡元件 <small lang="en">Card agent</small></h1>
<p id="idle">目前沒有網站提出要求。<span lang="en">No site is asking.</span></p>
<section id="question" hidden>
<p>這個網站提出要求： <span lang="en">This site asks:</span></p>
<p id="origin"></p>
<div id="nhi-card" hidden>
<p><strong>讀取您的健保卡。</strong><span lang="en">To read your NHI card.</span></p>
<p>將讀取並交給這個網站：卡號、姓名、身分證號、出生日期、性別、發卡日期、卡片註銷註記。
<span lang="en">It will receive: card number, name, ID number, date of birth, sex, date of issue,
status.</span></p>
<p>健保卡本身不需密碼。不是您自己要登入，請按「不同意」。
<span lang="en">If it was not you who started this, say no.</span></p>
<p id="readers" role="status"></p>
</div>
<div id="certificate-signature" hidden>
<p><strong>以您的憑證卡簽章，證明是您本人（或貴公司）。</strong>
<span lang="en">To sign with your certificate card, as proof that it is you (or your company).</span></p>
<p><label for="certificate">憑證 <span lang="en">Certificate</span></label>
<select id="certificate"></select></p>
<p><label for="pin">PIN 碼（只在這裡輸入，不會交給網站）
<span lang="en">PIN (only here; the site never gets it)</span></label>
<input id="pin" type="password" autocomplete="off" maxlength="64"></p>
</div>
<p><button id="allow" disabled>同意 <span lang="en">Allow</span></button>
<button id="deny">不同意 <span lang="en">Do not allow</span></button>
<span id="left"></span></p>
</section>
<p id="outcome" role="status" hidden></p>
</main>`;

const style = `
body { font: 1rem/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 36rem; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
#origin { font-size: 1.3rem; font-weight: 700; overflow-wrap: anywhere; border: 2px solid #1a4d8f;
  padding: .5rem; }
span[lang=en], small { display: block; color: #555; font-size: .85rem; font-weight: 400; }
select { max-width: 100%; }
button, input, select { font: inherit; padding: .6rem 1.2rem; margin-right: .6rem; }
button:focus-visible { outline: 3px solid #1a4d8f; outline-offset: 2px; }
`;

const script = `
'use strict';
const wakeMs = 800;
const at = (id) => document.getElementById(id);
let token = null;
let choosing = false;
let ended = false;
async function post(path, content) {
  const response = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(content) });
  return await response.json();
}
function show(pending, readers) {
  at('idle').hidden = pending !== null;
  at('question').hidden = pending === null;
  if (pending === null) { token = null; return; }
  if (token !== pending.token) {
    token = pending.token;
    at('origin').textContent = pending.origin;
    for (const kind of ['nhi-card', 'certificate-signature']) at(kind).hidden = kind !== pending.kind;
    at('pin').value = '';
    at('certificate').replaceChildren(...pending.choices.map((choice) => {
      const option = document.createElement('option');
      option.value = choice.id;
      const until = new Date(choice.validTo).toLocaleDateString('zh-TW');
      option.textContent = choice.subject.replaceAll('\\n', ', ') + '（至 until ' + until + '）';
      return option;
    }));
    choosing = pending.choices.length > 0;
    at('allow').disabled = true;
    setTimeout(() => { at('allow').disabled = false; }, wakeMs);
    if (choosing) at('pin').focus();
  }
  const present = readers.some((reader) => reader.card === 'present');
  at('readers').textContent = readers.length === 0 ? '找不到讀卡機 No reader found'
    : present ? '讀卡機中有卡片 There is a card in the reader' : '請插入健保卡 Please insert the card';
  at('left').textContent = '剩 ' + pending.secondsLeft + ' 秒 seconds left';
}
async function poll() {
  if (ended) return;
  try {
    const { pending, readers } = await post('/consent/pending', {});
    if (!ended) show(pending, readers);
  } catch { at('idle').textContent = '讀卡元件沒有回應 The agent does not answer'; }
  setTimeout(poll, 1000);
}
async function decide(decision) {
  if (token === null) return;
  if (choosing && decision === 'allow' && at('pin').value.length < 4) { at('pin').focus(); return; }
  ended = true;
  at('question').hidden = true;
  at('outcome').hidden = false;
  at('outcome').textContent = decision === 'allow' ? '作業中… Working…' : '…';
  const chosen = choosing && decision === 'allow'
    ? { certificate: at('certificate').value, pin: at('pin').value } : {};
  at('pin').value = '';
  const { outcome, error } = await post('/consent/decision', { token, decision, ...chosen });
  const said = outcome === 'done' ? '完成，可關閉此視窗。 Done; this window may be closed.'
    : outcome === 'consent-denied' ? '未讀取任何資料。 Nothing was read.'
    : '未完成，請回到原網站。 Not done; please return to the site. (' + (outcome ?? error.code) + ')';
  at('outcome').textContent = said;
  if (outcome === 'done' || outcome === 'consent-denied') setTimeout(() => window.close(), 1500);
}
at('allow').addEventListener('click', () => { void decide('allow'); });
at('deny').addEventListener('click', () => { void decide('deny'); });
at('pin').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !at('allow').disabled) void decide('allow');
});
void poll();
`;
