import {Ledger} from '../../../source/observe/ledger.ts';
import {ledgerRecord} from '../../support/events.ts';

/** Writes records until it is killed, and says on stdout which one was the last that was surely written. */
const [, , path = '', first = '0'] = process.argv;
const ledger = new Ledger({path, now: () => Date.now(), maxBytes: 1024 * 1024 * 1024, onHealth: () => undefined});
const write = (index: number): void => {
	for (let next = index; next < index + 20; next++) {
		ledger.append(ledgerRecord(`req_${next}`, {model: 'm'.repeat(next % 400)}));
	}

	process.stdout.write(`${index + 19}\n`);
	setImmediate(write, index + 20);
};

write(Number(first));
