import type {Item} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {repairArguments} from './arguments.ts';
import {renameCallIds} from './call-ids.ts';
import {pairCalls} from './pair-calls.ts';

/** The items in the fixed order of repair passes (translation.md 1.9.5, 1.9.6). */
export const repairItems = (items: readonly Item[], quirks: ProviderQuirks, losses: LossLog): readonly Item[] =>
	renameCallIds(repairArguments(pairCalls(items, losses), losses), quirks.names.callIds);
