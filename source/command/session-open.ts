import path from 'node:path';
import type {Home} from '../config/home.ts';
import {createRedactor} from '../base/redact.ts';
import type {ClientTokens} from '../event/client-session.ts';
import {ClientSessionSource} from '../observe/sessions/session-source.ts';
import type {ClientHomes} from '../observe/sessions/session-files.ts';
import type {PriceBook} from '../provider/prices/price-book.ts';
import {readPriceBook} from './usage-open.ts';

/** What all these tokens cost at the list prices of short prompts: a session's sum says nothing of the length of one. */
const priceAt =
	(book: PriceBook) =>
	(model: string, {input, cacheRead, cacheWrite, output}: ClientTokens): number | undefined => {
		const rates = book.price(model)?.rates;
		return rates === undefined
			? undefined
			: Math.round(
					(input * rates.input +
						cacheRead * (rates.cacheRead ?? rates.input) +
						cacheWrite * (rates.cacheWrite ?? rates.input) +
						output * rates.output) /
						1000,
				);
	};

/** The clients' own records of their sessions; nothing is read before somebody looks. */
const openSessions = (homes: ClientHomes, book: PriceBook): ClientSessionSource =>
	new ClientSessionSource({
		codexHome: path.resolve(homes.codexHome),
		claudeHome: path.resolve(homes.claudeHome),
		redact: createRedactor([]),
		price: priceAt(book),
	});

/** The same with the prices of a home. */
export const openSessionsOf = async ({
	home,
	...homes
}: ClientHomes & {readonly home: Home}): Promise<ClientSessionSource> => openSessions(homes, await readPriceBook(home));
