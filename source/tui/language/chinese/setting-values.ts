import type {Setting} from '../../../config/settings-list.ts';
import {createPhraseBook, type Phrase} from './phrases.ts';

/* Values that no file says (source/config/settings-{known,endpoints,text}.ts): what can be written into a file stays as it is written there. */

const valuePhrases: readonly Phrase[] = [
	['port + 1000', '端口 + 1000'],
	['history/ in the home', '主目录下的 history/'],
	['asks', '询问'],
	['auto', '自动'],
	['none', '无'],
	['(set, not shown)', '（已设置，不显示）'],
	['token env {name}', '令牌取自环境变量 {name}'],
	['token in the file', '令牌在文件内'],
	['api key env {name}', 'API 密钥取自环境变量 {name}'],
	['api key in the file', 'API 密钥在文件内'],
	["the client's own login", '客户端自己的登录'],
	['{first!}, {rest!}', '{first}，{rest}'],
	['{source!} (off)', '{source}（已停用）'],
];

const valueOf = createPhraseBook(valuePhrases);

const isCredential = (key: string): boolean => /\.(?:auth|accounts\.[^.]+)$/.test(key);

/** A value as it is shown. */
export const settingValue = ({key, origin, editing}: Setting, value: string): string =>
	(editing?.kind === 'choice' && editing.choices?.includes(value) === true) ||
	(origin.kind === 'file' && value !== '(set, not shown)' && !isCredential(key))
		? value
		: (valueOf(value) ?? value);
