/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/utf8.h"

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/text.h"

enum { REPLACEMENT = 0xFFFD };

struct range {
	uint32_t first, last;
};

static bool in_ranges(uint32_t code, const struct range *r, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code >= r[i].first && code <= r[i].last)
			return true;
	return false;
}

static bool is_zero_width(uint32_t code)
{
	static const struct range marks[] = {
		{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
		{0x064B, 0x065F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
		{0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F},
		{0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
		{0xFEFF, 0xFEFF},
	};

	return in_ranges(code, marks, ARRAY_LEN(marks));
}

/* East Asian wide and emoji blocks: coarse, and on the safe side. */
static bool is_wide(uint32_t code)
{
	static const struct range wide[] = {
		{0x1100, 0x115F},   {0x231A, 0x231B}, {0x23E9, 0x23EC},
		{0x25FD, 0x25FE},   {0x2614, 0x2615}, {0x26AA, 0x26AB},
		{0x26BD, 0x26BE},   {0x2705, 0x2705}, {0x274C, 0x274E},
		{0x2753, 0x2757},   {0x2795, 0x2797}, {0x2B1B, 0x2B1C},
		{0x2B50, 0x2B55},   {0x2E80, 0xA4CF}, {0xA960, 0xA97F},
		{0xAC00, 0xD7A3},   {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},
		{0xFF00, 0xFF60},   {0xFFE0, 0xFFE6}, {0x1F000, 0x1FAFF},
		{0x20000, 0x3FFFD},
	};

	return in_ranges(code, wide, ARRAY_LEN(wide));
}

/* One encoded character; moves past it, or past what is none. */
static uint32_t decode(const char **text)
{
	uint32_t code;
	int len = text_utf8(*text, TEXT_UTF8_MOST, &code);

	*text += len > 0 ? len : len < 0 ? -len : 1;
	return len > 0 ? code : REPLACEMENT;
}

uint32_t utf8_next(const char **text)
{
	while (**text) {
		uint32_t code = decode(text);

		if (is_zero_width(code))
			continue;
		if (code < 0x20 || (code >= 0x7F && code < 0xA0) ||
		    is_wide(code))
			return REPLACEMENT;
		return code;
	}
	return 0;
}

size_t utf8_put(char out[4], uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

static char box_ascii(uint32_t code)
{
	switch (code) {
	case 0x2500:
	case 0x2501:
	case 0x2504:
	case 0x2505:
	case 0x2508:
	case 0x2509:
	case 0x254C:
	case 0x254D:
	case 0x2574:
	case 0x2576:
	case 0x2578:
	case 0x257A:
	case 0x257C:
	case 0x257E:
		return '-';
	case 0x2502:
	case 0x2503:
	case 0x2506:
	case 0x2507:
	case 0x250A:
	case 0x250B:
	case 0x254E:
	case 0x254F:
	case 0x2551:
	case 0x2575:
	case 0x2577:
	case 0x2579:
	case 0x257B:
	case 0x257D:
	case 0x257F:
		return '|';
	case 0x2550:
		return '=';
	case 0x2571:
		return '/';
	case 0x2572:
		return '\\';
	case 0x2573:
		return 'X';
	default:
		return '+';
	}
}

/* A dot count tells more of a curve than '?'; the row of the dots too. */
static char braille_ascii(uint32_t code)
{
	static const char by_row[] = {'\'', '-', '-', '.'};
	static const unsigned rows[] = {0x09, 0x12, 0x24, 0xC0};
	unsigned dots = code & 0xFF;
	int count = __builtin_popcount(dots), row = -1;

	if (!count)
		return ' ';
	for (int i = 0; i < 4; i++)
		if (dots & rows[i])
			row = row < 0 || row == i ? i : 4;
	if (row >= 0 && row < 4)
		return by_row[row];
	return count > 5 ? '#' : count > 3 ? '*' : ':';
}

static char block_ascii(uint32_t code)
{
	static const char ramp[] = "_.:-=+*#"; /* 1/8 .. 8/8 from below */

	if (code >= 0x2581 && code <= 0x2588)
		return ramp[code - 0x2581];
	if (code >= 0x2589 && code <= 0x258F) /* 7/8 .. 1/8 from the left */
		return code < 0x258C ? '#' : code < 0x258E ? '=' : '-';
	switch (code) {
	case 0x2580:
		return '"';
	case 0x2590:
		return '#';
	case 0x2591:
		return '.';
	case 0x2592:
		return ':';
	case 0x2593:
		return '%';
	default:
		return '#';
	}
}

char utf8_ascii(uint32_t code)
{
	static const struct {
		uint32_t code;
		char ascii;
	} likeness[] = {
		{0x00A0, ' '},  {0x00AB, '<'}, {0x00B0, 'o'}, {0x00B1, '~'},
		{0x00B2, '2'},  {0x00B5, 'u'}, {0x00B7, '.'}, {0x00BB, '>'},
		{0x00D7, 'x'},  {0x00F7, '/'}, {0x0394, 'd'}, {0x03B5, 'e'},
		{0x03BB, 'l'},  {0x03C3, 's'}, {0x2010, '-'}, {0x2011, '-'},
		{0x2012, '-'},  {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''},
		{0x2019, '\''}, {0x201C, '"'}, {0x201D, '"'}, {0x2020, '+'},
		{0x2022, '*'},  {0x2026, '~'}, {0x203A, '>'}, {0x2039, '<'},
		{0x2190, '<'},  {0x2191, '^'}, {0x2192, '>'}, {0x2193, 'v'},
		{0x2194, '-'},  {0x2195, '|'}, {0x21B5, '<'}, {0x2212, '-'},
		{0x221A, 'v'},  {0x221E, '8'}, {0x2248, '~'}, {0x2260, '#'},
		{0x2264, '<'},  {0x2265, '>'}, {0x22EF, '~'}, {0x25A0, '#'},
		{0x25A1, 'o'},  {0x25AA, '#'}, {0x25AE, '#'}, {0x25B2, '^'},
		{0x25B3, '^'},  {0x25B4, '^'}, {0x25B6, '>'}, {0x25B8, '>'},
		{0x25BA, '>'},  {0x25BC, 'v'}, {0x25BD, 'v'}, {0x25BE, 'v'},
		{0x25C0, '<'},  {0x25C2, '<'}, {0x25C4, '<'}, {0x25C6, '*'},
		{0x25C7, 'o'},  {0x25C9, '@'}, {0x25CB, 'O'}, {0x25CC, 'o'},
		{0x25CE, '@'},  {0x25CF, 'X'}, {0x25E6, 'o'}, {0x2605, '*'},
		{0x2606, '*'},  {0x2713, 'v'}, {0x2714, 'v'}, {0x2715, 'x'},
		{0x2717, 'x'},  {0x23F8, '='}, {0x23F9, '#'},
	};

	if (code < 0x80)
		return (char)code;
	if (code >= 0x2500 && code <= 0x257F)
		return box_ascii(code);
	if (code >= 0x2580 && code <= 0x259F)
		return block_ascii(code);
	if (code >= 0x2800 && code <= 0x28FF)
		return braille_ascii(code);
	for (size_t i = 0; i < ARRAY_LEN(likeness); i++)
		if (likeness[i].code == code)
			return likeness[i].ascii;
	return '?';
}
