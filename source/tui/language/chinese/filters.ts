import type {Words} from '../words.ts';

export const filters: Words['filters'] = {
	unknownField: (name, known) => `这里没有字段 "${name}"；可用字段：${known}。`,
	needsNumber: (term, value) => `"${term}" 后面要写数字，而不是 "${value}"。`,
};
