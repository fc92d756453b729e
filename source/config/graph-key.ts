import {sha256} from '../base/atomic-file.ts';
import type {Endpoint} from './config.ts';
import type {RouteChild, RouteGraph, RouteNode} from './graph.ts';

/* The stable name of a routing section (codex-helper.md 1.4, last points; routing.md 3). */

/** Plain values with the keys of every table in order; lists keep theirs. */
const canonical = (value: unknown): unknown => {
	if (value instanceof Map) {
		return canonical(Object.fromEntries(value));
	}

	if (Array.isArray(value)) {
		return value.map(canonical);
	}

	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(
			Object.entries(value)
				.filter(([, member]) => member !== undefined)
				.toSorted(([left], [right]) => (left < right ? -1 : 1))
				.map(([name, member]) => [name, canonical(member)]),
		);
	}

	return value;
};

const childName = (child: RouteChild): unknown =>
	child.kind === 'node' ? {route: child.node.name} : child.endpoints.map(({key}) => key).toSorted();

const plainNode = (node: RouteNode): unknown => {
	const {location: _, ...fields} = node;
	switch (fields.strategy) {
		case 'manual-sticky': {
			return {...fields, target: childName(fields.target)};
		}

		case 'conditional': {
			const {then, default: otherwise, ...rest} = fields;
			return {...rest, branches: [childName(then), childName(otherwise)]};
		}

		default: {
			return {...fields, children: fields.children.map(childName)};
		}
	}
};

/** SHA-256 (hex) of the canonical JSON of a graph and the keys of the service's endpoints. */
export const graphKey = (graph: Omit<RouteGraph, 'key'>, endpoints: readonly Endpoint[]): string => {
	const {service, entry, nodes, affinity, lastResort} = graph;
	const plain = {
		service,
		entry: entry.name,
		nodes: Object.fromEntries(nodes.map(node => [node.name, plainNode(node)])),
		affinity,
		lastResort,
		endpoints: endpoints.map(({key}) => key).toSorted(),
	};
	return sha256(Buffer.from(JSON.stringify(canonical(plain))));
};
