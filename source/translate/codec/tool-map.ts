import {fingerprint} from '../../base/ids.ts';
import type {BridgeRequest} from './ir.ts';
import type {LossLog} from './loss.ts';
import type {NameQuirks} from './quirks.ts';
import {isCallable, referenceOf, type CallableTool, type ToolDeclaration, type ToolReference} from './tool.ts';

/** A tool with the name that the provider knows it by. */
export interface MappedTool {
	readonly tool: CallableTool;
	readonly wireName: string;
}

const keyOf = ({kind, namespace, name}: ToolReference): string => JSON.stringify([kind, namespace ?? null, name]);

/** `namespace__name` or the name alone: what a tool is called where namespaces do not exist. */
const flatName = ({namespace, name}: ToolReference): string =>
	namespace === undefined ? name : `${namespace}__${name}`;

const hashLength = 8;
const unsafe = /[^\w-]/;

const withHash = (name: string, key: string, maxLength: number): string =>
	`${name.slice(0, maxLength - hashLength - 2)}__${fingerprint(key, hashLength)}`;

/** Prefixes that models put in front of names that they know by another spelling (translation.md 2.5.8). */
const strayPrefixes = ['functions.', 'default_api:', 'default_api.', 'mcp_'];

/**
 * Every tool of one request: kind, namespace and name ↔ wire name (translation.md 1.6). Made once for a request and used for
 * its answer, so a call always comes back in the kind and namespace that the client declared. Wire names are never split.
 */
export class ToolMap {
	readonly #byWireName = new Map<string, MappedTool>();
	readonly #byReference = new Map<string, MappedTool>();
	readonly #names: NameQuirks;

	constructor(names: NameQuirks) {
		this.#names = names;
	}

	/** All tools in the order of declaration. */
	list(): readonly MappedTool[] {
		return [...this.#byWireName.values()];
	}

	/** Whether a tool is offered under this reference. */
	has(reference: ToolReference): boolean {
		return this.#byReference.has(keyOf(reference));
	}

	/** Adds a tool; the first declaration of a reference wins. False where it was known already. */
	add(tool: CallableTool): boolean {
		const reference = referenceOf(tool);
		const key = keyOf(reference);
		if (this.#byReference.has(key)) {
			return false;
		}

		const mapped = {tool, wireName: this.#freeName(reference)};
		this.#byReference.set(key, mapped);
		this.#byWireName.set(mapped.wireName, mapped);
		return true;
	}

	/**
	 * The wire name of a reference. History may call tools that are not declared any more: they get the name that they would
	 * have had, so that the upstream sees the same bytes in every turn.
	 */
	wireNameOf(reference: ToolReference): string {
		return (this.#byReference.get(keyOf(reference)) ?? this.#byName(reference))?.wireName ?? this.#shape(reference);
	}

	/**
	 * The tool that an upstream means by a name: exact, then without regard to case, without stray prefixes and `:N`, then by
	 * the only tool whose own name it is (translation.md 2.5.8). Undefined for a name that nobody declared.
	 */
	find(wireName: string): MappedTool | undefined {
		return this.#exact(wireName) ?? this.#exact(this.#stripped(wireName)) ?? this.#byChild(this.#stripped(wireName));
	}

	/** The reference for a name in an answer; an undeclared name passes as a function, and the client refuses it. */
	resolve(wireName: string): ToolReference {
		const mapped = this.find(wireName);
		return mapped ? referenceOf(mapped.tool) : {kind: 'function', namespace: undefined, name: wireName};
	}

	#freeName(reference: ToolReference): string {
		const name = this.#shape(reference);
		return this.#byWireName.has(name) ? withHash(name, keyOf(reference), this.#names.maxToolNameLength) : name;
	}

	#shape(reference: ToolReference): string {
		const flat = flatName(reference);
		const safe = unsafe.test(flat) ? flat.replaceAll(/[^\w-]/g, '_') : flat;
		return safe.length > this.#names.maxToolNameLength ? withHash(safe, flat, this.#names.maxToolNameLength) : safe;
	}

	#byName({namespace, name}: ToolReference): MappedTool | undefined {
		return this.list().find(({tool}) => tool.name === name && tool.namespace === namespace);
	}

	#exact(name: string): MappedTool | undefined {
		const exact = this.#byWireName.get(name);
		if (exact) {
			return exact;
		}

		const lower = name.toLowerCase();
		const same = this.list().filter(mapped => mapped.wireName.toLowerCase() === lower);
		return same.length === 1 ? same[0] : undefined;
	}

	#stripped(name: string): string {
		const prefix = strayPrefixes.find(stray => name.startsWith(stray)) ?? '';
		return name.slice(prefix.length).replace(/:\d+$/, '');
	}

	#byChild(name: string): MappedTool | undefined {
		const same = this.list().filter(({tool}) => tool.name === name);
		return same.length === 1 ? same[0] : undefined;
	}
}

/** Every declaration of a request: top-level tools first, then those inside the conversation (translation.md 0.1). */
export const declaredTools = (request: BridgeRequest): readonly ToolDeclaration[] => [
	...request.tools,
	...request.items.flatMap(item => (item.type === 'additional-tools' || item.type === 'found-tools' ? item.tools : [])),
];

const isDenied = (tool: CallableTool, denylist: readonly string[]): boolean => {
	const reference = referenceOf(tool);
	return (
		denylist.includes(flatName(reference)) ||
		(tool.namespace !== undefined && denylist.includes(`${tool.namespace}/${tool.name}`))
	);
};

/** The tool map of a request: all declared tools, without the denied ones and without repeats. */
export const createToolMap = (request: BridgeRequest, names: NameQuirks, losses: LossLog): ToolMap => {
	const map = new ToolMap(names);
	for (const tool of declaredTools(request)) {
		if (!isCallable(tool)) {
			continue;
		}

		if (isDenied(tool, names.toolDenylist)) {
			losses.add('denied-tool', `The tool ${flatName(tool)} is on the provider's denylist and was not offered.`);
		} else {
			map.add(tool);
		}
	}

	return map;
};
