import type {Words} from '../words.ts';

export const coverage: Words['coverage'] = {
	filesLeft: count => `还有 ${count} 个较早的文件待读取。`,
	withoutPrice: (count, models) => `${count} 个回答没有已知价格，未计入费用：${models}。`,
	more: (names, count) => `${names.join('、')}${count > 0 ? ` 等另外 ${count} 个` : ''}`,
	withoutUsage: count => `${count} 个回答未告知词元，未计入词元和费用。`,
	partlyPriced: count => `${count} 项费用只有部分计价（层级、长提示或缓存词元没有价格）。`,
	discarded: count => `没有给出回答的尝试用了 ${count} 个词元，未计入；可能仍会计费。`,
	brokenLines: count => `账本中有 ${count} 行无法读取。`,
	damaged: files => `已损坏：${files.join('、')}。`,
	begins: (day, clock) => `账本始于 ${day} ${clock}，之前的情况未知。`,
};
