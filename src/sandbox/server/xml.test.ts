import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { escapeXml, printElements } from './xml.ts';

describe('XML of the Query protocol', () => {
  it('prints lists as members, maps as entries, and nothing for what is absent', () => {
    const xml = printElements({
      Users: [{ UserName: 'ann', Tags: [] }, { UserName: 'bob' }],
      Names: ['a', 'b'],
      Lists: [['x'], ['y', 'z']],
      IsTruncated: false,
      Count: 2,
      Marker: undefined,
      Map: new Map([['Users', 5]]),
    });
    expect(xml).toBe(
      '<Users><member><UserName>ann</UserName><Tags></Tags></member><member><UserName>bob</UserName></member></Users>' +
        '<Names><member>a</member><member>b</member></Names>' +
        '<Lists><member><member>x</member></member><member><member>y</member><member>z</member></member></Lists>' +
        '<IsTruncated>false</IsTruncated><Count>2</Count>' +
        '<Map><entry><key>Users</key><value>5</value></entry></Map>',
    );
  });

  it('says nothing but what it was given to say, whatever the text', () => {
    const parser = new XMLParser({ htmlEntities: true, parseTagValue: false, trimValues: false });
    for (const text of ['</a><b>', 'a & b &amp; c', '"quoted"', ' spaces ', 'ünï\u{1f511}', 'line\r\nbreak', ']]>']) {
      expect(parser.parse(printElements({ a: text }))).toEqual({ a: text });
    }
    expect(escapeXml('\u0001\r')).toBe('&#x1;&#xd;');
  });
});
