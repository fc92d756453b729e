import type {Phrase} from './phrases.ts';

/* What the bridge lost or mended in a translation (source/translate, source/engine/translate-station.ts); a test holds them to their source. */

const leftOut: readonly Phrase[] = [
	[
		'What the provider sent behind a tool call that was cut off was left out.',
		'工具调用被截断，上游在其后发送的内容已略去。',
	],
	['The beta {name} is for Anthropic only and was left out.', '{name} 是 Anthropic 专用的 beta，已略去。'],
	[
		'The billing header of Claude Code was left out: it is for Anthropic only.',
		'Claude Code 的计费头只供 Anthropic 使用，已略去。',
	],
	['An event of the upstream was no JSON and was left out.', '上游的一个事件不是 JSON，已略去。'],
	['An entry of tools is no object and was left out.', 'tools 中有一项不是对象，已略去。'],
	['An entry of tools is neither an object nor a name and was left out.', 'tools 中有一项既非对象也非名称，已略去。'],
	[
		'A citation of the provider has no twin in Messages and was left out.',
		'上游的引用在 Messages 中没有对应，已略去。',
	],
	['A citation of a document has no twin here and was left out.', '文档引用在这里没有对应，已略去。'],
	[
		'A citation of a document has no twin in other protocols and was left out.',
		'文档引用在其他协议中没有对应，已略去。',
	],
	[
		'Citations of documents were asked for, which other protocols do not have.',
		'请求要求文档引用，而其他协议没有这一项。',
	],
	[
		'A compaction of the provider has no place in Messages and was left out.',
		'上游的压缩在 Messages 中没有位置，已略去。',
	],
	['The provider edits no context: context_management was left out.', '上游不编辑上下文，已略去 context_management。'],
	['A compaction of another provider cannot be read here and was left out.', '其他供应商的压缩在这里读不了，已略去。'],
	[
		'Reasoning of another provider cannot be verified here and was left out.',
		'其他供应商的推理在这里无法验证，已略去。',
	],
	['Reasoning of another provider cannot be read here and was left out.', '其他供应商的推理在这里读不了，已略去。'],
	[
		'An item of type {name} has no place in {protocol} and was left out.',
		'{name} 类型的项在 {protocol} 中没有位置，已略去。',
	],
	['An item of type {name} has no place here and was left out.', '{name} 类型的项在这里没有位置，已略去。'],
	['Reasoning that belongs to no answer was left out.', '不属于任何回答的推理已略去。'],
	['The provider takes content as text only; images and files were left out.', '上游只接受文字，图片和文件已略去。'],
	[
		'Signed reasoning of a Chat client has no maker that is known and was left out.',
		'Chat 客户端带签名的推理来源不明，已略去。',
	],
	[
		'Temperature, top_p and top_k were left out because the model thinks.',
		'模型在思考，已略去 temperature、top_p 和 top_k。',
	],
	['Of temperature and top_p only the temperature was sent.', 'temperature 和 top_p 中只发送了 temperature。'],
	[
		'A tool has a choice between schemas at its root, which Messages refuses; it was left out.',
		'一个工具的根部是多个 schema 之选，Messages 不接受，已略去。',
	],
	['The service tier {name} does not exist here and was left out.', '这里没有服务等级 {name}，已略去。'],
	[
		'An answer held more than eight calls in its text; the rest was left out.',
		'回答的文字中有超过八个调用，其余已略去。',
	],
	['A delta of a type that the bridge does not know was left out.', '转换层不认识的增量类型，已略去。'],
	['An event of a type that the bridge does not know was left out.', '转换层不认识的事件类型，已略去。'],
	['An item of a type that the bridge does not know was left out.', '转换层不认识的项类型，已略去。'],
	['A content part of a type that the bridge does not know was left out.', '转换层不认识的内容类型，已略去。'],
	['A part of an answer that the bridge does not know was left out.', '回答中有转换层不认识的部分，已略去。'],
	['A block of type {name} has no place in other protocols.', '{name} 类型的块在其他协议中没有位置。'],
	[
		'The field {name} of the request has no place in the bridge and was left out.',
		'请求的字段 {name} 在转换层没有位置，已略去。',
	],
	['The field {name} does not exist in Messages and was left out.', 'Messages 没有字段 {name}，已略去。'],
	['A stored item could not be found and was left out.', '找不到所存的一项，已略去。'],
	['A call in the text was cut off by the length limit and was left out.', '文字中的调用被长度上限截断，已略去。'],
];

const tools: readonly Phrase[] = [
	[
		'A tool call had arguments that are no JSON object; they were passed on.',
		'工具调用的参数不是 JSON 对象，已原样转交。',
	],
	[
		'The arguments of an earlier tool call were not valid JSON; its result says so.',
		'之前一个工具调用的参数不是有效的 JSON，其结果中已注明。',
	],
	['A cache mark stood on a tool call, where it cannot be kept.', '缓存标记位于工具调用上，无法保留。'],
	['A tool call was cut off by the length limit and was not passed on.', '工具调用被长度上限截断，没有转交。'],
	[
		"The tool {name} is on the provider's denylist and was not offered.",
		'工具 {name} 在供应商的禁用名单中，没有提供。',
	],
	[
		'Two tool calls had one id; the later one was renamed with its result.',
		'两个工具调用的 id 相同，后一个连同结果已改名。',
	],
	['A tool call had two results; the last one was sent.', '工具调用有两个结果，发送了最后一个。'],
	['The tool {name} runs at its own provider and was not offered here.', '工具 {name} 由其供应商运行，这里没有提供。'],
	['The tool {name} is not run by this provider and was not offered.', '这个供应商不运行工具 {name}，没有提供。'],
	[
		'A tool call had no result; a note that it was interrupted stands in its place.',
		'工具调用没有结果，以「已中断」的附注代替。',
	],
	['A tool call came without a usable name and was dropped.', '工具调用没有可用的名称，已丢弃。'],
	[
		'A tool result had no call in the history and was sent as a note.',
		'工具结果在历史中没有对应的调用，已作为附注发送。',
	],
	['Google has no switch against parallel tool calls; they may come.', 'Google 无法关闭并行工具调用，可能会出现。'],
	['A tool call that the provider could not read (T19) was recovered.', '恢复了一个上游读不了的工具调用 (T19)。'],
	['A tool call that stood in the text ({format}) was recovered.', '恢复了一个写在文字中的工具调用 ({format})。'],
	[
		'A tool had fields that only Anthropic understands; it is offered plainly.',
		'一个工具带有只有 Anthropic 懂的字段，已去掉后提供。',
	],
	['The upstream was asked once more within the same try.', '在同一次尝试中又向上游请求了一次。'],
	['A call in the text names a tool that was not offered; it stays text.', '文字中的调用指向未提供的工具，仍作文字。'],
	[
		'A call in the text has arguments that its tool does not take; it stays text.',
		'文字中的调用带有工具不接受的参数，仍作文字。',
	],
	[
		'A block in the text looks like a tool call and cannot be read; it stays text.',
		'文字中有一段像工具调用但无法解读，仍作文字。',
	],
	[
		'A block in the text begins like a tool call and never ends; it stays text.',
		'文字中有一段像工具调用但没有结尾，仍作文字。',
	],
	[
		'A call in the text repeats a text of the request word by word; it stays text.',
		'文字中的调用照抄了请求的文字，仍作文字。',
	],
	[
		'A block in the text is longer than a tool call can be; it stays text.',
		'文字中有一段比工具调用的上限还长，仍作文字。',
	],
	[
		'A call in the text is followed by prose, so it was quoted; it stays text.',
		'文字中的调用后面还有正文，属于引用，仍作文字。',
	],
	['The model announced work without calling a tool and was asked again.', '模型说要动手却没有调用工具，已再问一次。'],
	[
		'The model stayed stuck; a call was synthesised for it (level {level}, {how}).',
		'模型停滞不前，已替它合成一个调用（级别 {level}，{how}）。',
	],
];

const replaced: readonly Phrase[] = [
	[
		'Hidden reasoning came back damaged; its visible text is used in its place.',
		'隐藏推理返回时已损坏，改用可见的文字。',
	],
	[
		'Hidden reasoning came back damaged; its visible summary is used in its place.',
		'隐藏推理返回时已损坏，改用可见的摘要。',
	],
	[
		'The history ended with an answer; a user message "Continue." was added.',
		'历史以回答结尾，已补上用户消息 "Continue."。',
	],
	[
		'An uploaded file can be read by its own account only; a marker stands in its place.',
		'上传的文件只有原账户能读，以标记代替。',
	],
	['The provider takes no files; a marker stands where a file was.', '上游不接受文件，以标记代替。'],
	['The model has no image input; a marker stands where an image was.', '模型不接受图片，以标记代替。'],
	['Google reads no addresses of others; the address stands as text.', 'Google 不读取外部地址，地址以文字给出。'],
	[
		'A message between agents is encrypted for OpenAI and cannot be read here.',
		'代理之间的消息为 OpenAI 加密，这里读不了。',
	],
	['The output limit leaves no room for thinking, which was turned off.', '输出上限没有给思考留下余地，已关闭思考。'],
	[
		'{count#} thought(s) of other makers that {name} cannot verify were left out',
		'{name} 无法验证其他厂商的思考，已略去 {count} 段',
	],
	['The upstream announced a tool call but sent none that can be used.', '上游宣布了工具调用，却没有发来可用的。'],
	['Thinking was turned off for this request: {why!}.', '这个请求已关闭思考：{why}。'],
	['a tool is forced', '强制使用某个工具'],
	['the open turn was begun by a model whose thoughts it cannot verify', '本轮由另一个模型开始，它无法验证其思考'],
	[
		'Messages cannot carry this {kind} ({why}); a marker stands in its place.',
		'Messages 无法携带这个 {kind}（{why}），以标记代替。',
	],
	['an uploaded file of another account', '另一账户上传的文件'],
	['its address cannot be fetched', '地址无法读取'],
	['images of type {type} are not taken', '不接受 {type} 类型的图片'],
	['files of its type are not taken', '不接受这种类型的文件'],
	['sound is not taken', '不接受声音'],
	['no address', '没有地址'],
	[
		'left out, since {name} cannot read it: {count#} encrypted reasoning item(s)',
		'{name} 读不了，已略去 {count} 项加密推理',
	],
	[
		'previous_response_id was left out: {name} does not know that response',
		'{name} 不认识那个回答，已略去 previous_response_id',
	],
	[
		'previous_response_id is not known here; the request carries its whole history and was sent without it',
		'这里不认识 previous_response_id；请求带有完整历史，已去掉它发送',
	],
];

/** What is changed in a request because an upstream has refused it before; several stand behind each other. */
const mends: readonly Phrase[] = [
	['{what!}: {name} refused it otherwise', '{what}：否则 {name} 会拒绝'],
	['{one!}, {others!}', '{one}、{others}'],
	['the limit is called max_tokens', '上限改称 max_tokens'],
	['the limit is called max_completion_tokens', '上限改称 max_completion_tokens'],
	['developer messages are system messages', 'developer 消息改为 system 消息'],
	['all system messages are one, at the beginning', 'system 消息合并到开头'],
	['lost reasoning is replaced by a placeholder', '缺失的推理以占位代替'],
	['the reasoning of earlier turns was left out', '已略去之前各轮的推理'],
	['the choice of a tool is left to the model', '由模型自己选择工具'],
	['content is a string, not a list of parts', '内容改为字符串'],
	['images were left out', '图片已略去'],
	['the ids of tool calls have 9 letters', '工具调用的 id 改为 9 个字母'],
	['the schema of the answer stands in the system message', '回答的 schema 写入 system 消息'],
	['{name} was left out', '已略去 {name}'],
];

/** All that a translation may tell of itself. */
export const lossPhrases: readonly Phrase[] = [...leftOut, ...tools, ...replaced, ...mends];
