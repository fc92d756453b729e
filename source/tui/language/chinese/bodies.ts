import type {Words} from '../words.ts';

export const bodies: Words['bodies'] = {
	parts: {request: '请求正文', answer: '应答'},
	forms: {pretty: '缩进', raw: '原样', diff: '差异'},
	keys: 'Tab 请求/应答  v 形式  / 搜索  n N 下一处  Esc 关闭',
	place: (first, last, count) => `${first}-${last}，共 ${count} 行`,
	reading: '正在从引擎读取 ...',
	truncated: '内容不全：超过了保留上限。',
	live: '仍在传输。',
	empty: '内容为空。',
	noAnswer: '尚无应答。',
	noPrevious: '该会话没有更早的请求可供比较。',
	same: '与上一个请求相同。',
	against: requestId => `与上一个请求 ${requestId} 比较。`,
	tooDifferent: '两者差异过大，无法比较。',
	tooLongToCopy: requestId => `内容太长，剪贴板放不下；请用 codex-tui request curl ${requestId} 打印命令。`,
	theCurl: 'curl 命令',
	asCurl: 'curl 命令；KEY 设为主目录的令牌',
	search: '搜索',
	searchHint: 'Enter 查找，Esc 取消',
	readOnly: '此界面只读，不能发送请求。',
	nowhereToSend: '该服务没有启用的上游。',
	replayWhere: '再发一次给',
	replays: '把选中的请求再发给它一次',
	askReplay: (name, {tokens, cost}) =>
		`再发给 ${name} 一次？${cost === undefined ? '费用与普通请求相同' : `约需 ${cost}`}${tokens === undefined ? '' : `（输入 ${tokens} 词元）`}。`,
	replayed: name => `已再次发给 ${name}，并已选中。`,
};
