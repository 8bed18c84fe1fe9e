import { request } from 'node:http';

/** The parsed answer to a GET on a connection of its own. fetch would try again where the connection is reset. */
export async function getJson(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve(JSON.parse(text)));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
