import {truncateSync} from 'node:fs';
import {Ledger} from '../../../source/observe/ledger.ts';
import type {LogHealth} from '../../../source/observe/log-file.ts';
import {ledgerRecord} from '../../support/events.ts';

/** Runs with a limit of the file's size: writes until lines are cut short and refused, makes room, and goes on. */
const [, , path = ''] = process.argv;
const healths: LogHealth[] = [];
const ledger = new Ledger({path, now: () => Date.now(), onHealth: health => healths.push(health)});
for (let index = 0; index < 12; index++) {
	ledger.append(ledgerRecord(`full_${index}`));
}

truncateSync(path, 300);
ledger.append(ledgerRecord('after'));
await ledger.close();
process.stdout.write(JSON.stringify(healths));
