import type { SeededRandom } from './seeded-random.js';

/** 785 支用機關 are paid through the treasury (112 年). */
export const agencyCount = 785;

export interface DemoAgency { readonly code: string; readonly name: string; readonly phone: string }

const fields = ['教育', '交通', '衛生', '農業', '環境', '文化', '勞動', '內政', '財務', '經濟', '水利', '林業', '體育', '海洋'];
const places = ['', '北區', '中區', '南區', '東區', '離島'];
const kinds = ['署', '局', '處', '中心', '研究所', '管理處', '辦事處', '博物館', '學校', '醫院'];

/** Agency codes here begin with D; names with 示範. */
export function demoAgency(index: number): DemoAgency {
  const field = fields[index % fields.length];
  const place = places[Math.floor(index / fields.length) % places.length];
  const kind = kinds[Math.floor(index / (fields.length * places.length)) % kinds.length];
  const number = String(index + 1).padStart(4, '0');
  return { code: `D${number}`, name: `示範${place}${field}${kind}`, phone: `02-0000-${number}` };
}

const purposes = [
  '業務費-文具用品', '業務費-印刷費', '業務費-電信費', '業務費-水電費', '業務費-清潔外包', '業務費-保全服務',
  '設備費-資訊設備', '設備費-維護第2期', '委辦費-研究計畫', '材料費-實驗耗材', '工程款-第3期估驗', '租金-辦公室',
];
const personalPurposes = ['出席費', '稿費', '講座鐘點費', '國內旅費', '獎學金', '退休金', '工讀費', '審查費'];
/** Commas and quotation marks: what a reader of CSV must get right. */
const awkwardPurposes = ['設備費-伺服器,含安裝', '業務費-「示範」看板 24" 螢幕', '工程款-道路, 橋梁, 邊坡'];

export function demoPurpose(random: SeededRandom, personal: boolean): string {
  if (personal) return random.pick(personalPurposes);
  return random.perMille(10) ? random.pick(awkwardPurposes) : random.pick(purposes);
}
