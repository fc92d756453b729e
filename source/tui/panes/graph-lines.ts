import {widthOf} from '../../base/text-width.ts';
import type {GraphView, RouteChildView, RouteNodeView} from '../../event/route-view.ts';
import type {RouteView} from '../../event/view.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf, pinOf} from '../store/selectors.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {formatDuration, nameOfEndpoint} from '../text/format.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {emptyLines} from './pane.ts';
import {routeStateOf} from './route-state.ts';

/* The route graph as a tree: every route with its strategy and its line of the file, its conditions, and the upstreams below it. */

interface TreeRow {
	readonly text: string;
	readonly tone: Tone;
	readonly weight?: number | undefined;
	readonly location?: string | undefined;
	readonly route?: RouteView | undefined;
}

/** Where a row of the tree hangs: what stands before its own mark, and whether it is the last of its parent. */
interface Branch {
	readonly before: string;
	readonly isLast: boolean;
}

class Tree {
	readonly rows: TreeRow[] = [];
	readonly #state: ScreenState;
	readonly #glyphs: Glyphs;
	readonly #graph: GraphView;
	readonly #words: Words['routes'];

	constructor(state: ScreenState, graph: GraphView, glyphs: Glyphs) {
		this.#state = state;
		this.#graph = graph;
		this.#glyphs = glyphs;
		this.#words = wordsOf(state).routes;
	}

	/** The rows of the whole graph. */
	grow(): readonly TreeRow[] {
		const {service, entry, affinityPolicy, fallbackTtlMs, reprobePreferredAfterMs, lastResort} = this.#graph;
		const {backAfter, looksBackAfter, sessionPolicy, lastResort: resort} = this.#words;
		const windows = [
			fallbackTtlMs === undefined ? '' : backAfter(formatDuration(fallbackTtlMs)),
			reprobePreferredAfterMs === undefined ? '' : looksBackAfter(formatDuration(reprobePreferredAfterMs)),
		].filter(text => text !== '');
		this.rows.push({text: `${service}  ${sessionPolicy(affinityPolicy)}`, tone: 'accent'});
		// One fact a row: a number that is cut is worse than a row more.
		for (const text of [...windows, resort(lastResort)]) {
			this.rows.push({text: `${' '.repeat(service.length)}  ${text}`, tone: 'muted'});
		}

		this.#node(entry, undefined, undefined);
		this.#unrouted();
		return this.rows;
	}

	#node(name: string, branch: Branch | undefined, weight: number | undefined): void {
		const node = this.#graph.nodes.find(each => each.name === name);
		if (node === undefined) {
			return;
		}

		const {strategy, settings, location} = node;
		this.rows.push({text: `${this.#mark(branch)}${name}  ${strategy}`, tone: 'text', weight, location});
		const before = this.#below(branch);
		for (const pair of settings) {
			this.rows.push({text: `${before}${this.#glyphs.vertical}  ${pair.join(' ')}`, tone: 'muted'});
		}

		if (strategy === 'conditional') {
			this.#condition(node, before);
			return;
		}

		for (const [index, child] of node.children.entries()) {
			this.#child(child, {before, isLast: index === node.children.length - 1}, child.part.weight);
		}
	}

	/** Each branch is a line of its own with what must hold; what it leads to hangs below it. */
	#condition({when, children}: RouteNodeView, before: string): void {
		const {vertical} = this.#glyphs;
		const {otherwise, ifHolds, andHolds} = this.#words;
		for (const child of children) {
			const isLast = child.part.branch === 'default';
			const branch = {before, isLast};
			const parts = isLast ? [otherwise] : when.map(([name, text]) => `${name} ${text}`);
			for (const [index, part] of parts.entries()) {
				const text = isLast ? part : index === 0 ? ifHolds(part) : andHolds(part);
				this.rows.push({text: `${index === 0 ? this.#mark(branch) : `${before}${vertical}  `}${text}`, tone: 'info'});
			}

			this.#child(child, {before: this.#below(branch), isLast: true}, undefined);
		}
	}

	#child(child: RouteChildView, branch: Branch, weight: number | undefined): void {
		if (child.kind === 'node') {
			this.#node(child.name, branch, weight);
			return;
		}

		for (const [index, endpointKey] of child.endpointKeys.entries()) {
			const isLast = branch.isLast && index === child.endpointKeys.length - 1;
			this.#endpoint(endpointKey, {...branch, isLast}, index === 0 ? weight : undefined);
		}
	}

	#endpoint(endpointKey: string, branch: Branch, weight: number | undefined): void {
		const route = this.#state.routes.find(each => each.endpointKey === endpointKey);
		const pin = pinOf(this.#state.engine, this.#graph.service);
		const mark = pin?.endpointKey === endpointKey ? ` ${this.#glyphs.pinned} ${this.#words.modes[pin.mode]}` : '';
		const text = `${this.#mark(branch)}${nameOfEndpoint(endpointKey)}${mark}`;
		this.rows.push({text, tone: route?.enabled === false ? 'muted' : 'text', weight, route, location: route?.location});
	}

	#unrouted(): void {
		const {service, nodes} = this.#graph;
		const routed = new Set(
			nodes.flatMap(({children}) => children.flatMap(child => (child.kind === 'node' ? [] : child.endpointKeys))),
		);
		const rest = this.#state.routes.filter(route => route.service === service && !routed.has(route.endpointKey));
		if (rest.length > 0) {
			this.rows.push({text: this.#words.unrouted, tone: 'muted'});
			for (const [index, {endpointKey}] of rest.entries()) {
				this.#endpoint(endpointKey, {before: '', isLast: index === rest.length - 1}, undefined);
			}
		}
	}

	#mark(branch: Branch | undefined): string {
		const {branch: fork, bottomLeft, horizontal} = this.#glyphs;
		return branch === undefined ? '' : `${branch.before}${branch.isLast ? bottomLeft : fork}${horizontal} `;
	}

	#below(branch: Branch | undefined): string {
		return branch === undefined ? '' : `${branch.before}${branch.isLast ? ' ' : this.#glyphs.vertical}  `;
	}
}

const columnsOf = (rows: readonly TreeRow[], state: ScreenState, glyphs: Glyphs): ReadonlyArray<Column<TreeRow>> => {
	const {columns} = wordsOf(state).routes;
	const widest = Math.max(0, ...rows.map(({location = ''}) => widthOf(location)));
	const weights: ReadonlyArray<Column<TreeRow>> = rows.some(({weight}) => weight !== undefined)
		? [
				{
					title: columns.weight,
					width: 6,
					align: 'right',
					drop: 2,
					cell: ({weight}) => span(weight === undefined ? '' : String(weight), 'info'),
				},
			]
		: [];
	const places: ReadonlyArray<Column<TreeRow>> =
		widest === 0
			? []
			: [
					{
						title: columns.location,
						width: Math.min(20, widest),
						drop: 1,
						cell: ({location}) => span(location ?? '', 'muted'),
					},
				];
	return [
		{title: columns.route, width: 30, grow: 1, cell: ({text, tone}) => span(text, tone)},
		{
			title: columns.state,
			width: 10,
			cell: ({route}) => (route === undefined ? span('') : routeStateOf(route, state, glyphs)),
		},
		...weights,
		...places,
	];
};

/** The graphs of all services as lines, around the selected upstream. */
export const graphLines = (
	state: ScreenState,
	place: {readonly width: number; readonly height: number; readonly isFocused: boolean; readonly glyphs: Glyphs},
): readonly Line[] => {
	const {width, height, glyphs} = place;
	if (state.brain === undefined) {
		return emptyLines([wordsOf(state).routes.asking], width, height);
	}

	const rows = state.brain.graphs.flatMap((graph, index) => {
		const gap: readonly TreeRow[] = index === 0 ? [] : [{text: '', tone: 'muted'}];
		return [...gap, ...new Tree(state, graph, glyphs).grow()];
	});
	const {selected} = listOf(state, 'routes');
	return tableLines({
		...place,
		columns: columnsOf(rows, state, glyphs),
		rows,
		selected: rows.findIndex(({route}) => route !== undefined && route.endpointKey === selected?.endpointKey),
	});
};
