import type {ErrorBody} from './error-body.ts';

/*
 * Web pages where an API should have answered. A challenge asks for a browser and comes again on every request for minutes; a gateway's
 * own error page says no more than its status.
 */

/** What bot checks of Cloudflare, Akamai, Vercel, DDoS-Guard, Alibaba and Tencent leave in their pages. */
const challengeMarks: readonly RegExp[] = [
	/just a moment/,
	/cf-chl|challenge-platform|cf_chl_opt|cf-mitigated|cf-turnstile/,
	/attention required!? \| cloudflare/,
	/enable javascript and cookies/,
	/checking (?:your browser|if the site connection is secure)/,
	/verify(?:ing)? (?:that )?you are (?:a )?human/,
	/sorry, you have been blocked/,
	/error code:? ?(?:1006|1007|1008|1009|1010|1012|1020)/,
	/captcha/,
	/ddos-guard|security checkpoint|_incapsula_|acw_sc__v2|aliyun_waf/,
	/人机验证|安全验证|访问被拦截|对网站造成安全威胁/,
];

/** Pages of servers and gateways about themselves. */
const serverPage =
	/<center>(?:nginx|openresty|tengine|cloudflare)|(?:^|>)\s*(?:5\d\d|4\d\d) [a-z]|apache server|bad gateway|gateway time-?out|service (?:temporarily )?unavailable|heroku|awselb|cloudfront/;

/** `error code: 1020` is all that Cloudflare sends to a client that does not accept HTML. */
const plainCode = /^error code:? ?(\d{3,4})$/;
const blockingCodes: ReadonlySet<string> = new Set(['1006', '1007', '1008', '1009', '1010', '1012', '1020']);

/** Cloudflare's own number in a plain body. */
export const cloudflareCode = (body: ErrorBody): string | undefined =>
	plainCode.exec(body.message?.trim().toLowerCase() ?? '')?.[1];

/**
 * Whether an answer wants a browser. `isMitigated`: Cloudflare said so in the header `cf-mitigated`. A page of 403 counts as
 * one, and a page of 503 that is not a server's own: an API that serves pages is behind something that blocks.
 */
export const isChallenge = (status: number, body: ErrorBody, isMitigated: boolean): boolean => {
	const {page} = body;
	if (isMitigated || blockingCodes.has(cloudflareCode(body) ?? '')) {
		return true;
	}

	if (page === undefined) {
		return false;
	}

	// A page of a site's own "not found" may carry a captcha for its forms.
	const isMarked = status !== 404 && challengeMarks.some(mark => mark.test(page));
	return isMarked || status === 403 || (status === 503 && !serverPage.test(page));
};
