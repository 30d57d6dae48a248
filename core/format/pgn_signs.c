/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/pgn_int.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/format/text_in.h"

/* Signs at moves, as the Informant has them and programs write them. */

double pgn_result(const char *text)
{
	static const struct {
		const char *text;
		double result;
	} known[] = {
		{"1-0", 1},  {"0-1", -1}, {"1/2-1/2", 0}, {"1/2", 0},
		{"1:0", 1},  {"0:1", -1}, {"1/2:1/2", 0}, {"+:-", 1},
		{"-:+", -1}, {"1-O", 1},  {"O-1", -1},
	};

	/* Nearly all words are moves. */
	if (isalpha((unsigned char)text[0]) && text[0] != 'O')
		return (double)NAN;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(text, known[i].text))
			return known[i].result;
	return (double)NAN;
}

const char *pgn_sign(const char *word)
{
	static const struct {
		const char *word, *nag;
	} known[] = {
		{"!", "$1"},    {"?", "$2"},     {"!!", "$3"},   {"??", "$4"},
		{"!?", "$5"},   {"?!", "$6"},    {"=", "$10"},   {"==", "$10"},
		{"~", "$13"},   {"+/=", "$14"},  {"=/+", "$15"}, {"+=", "$14"},
		{"=+", "$15"},  {"+/-", "$16"},  {"-/+", "$17"}, {"+-", "$18"},
		{"-+", "$19"},  {"+--", "$20"},  {"--+", "$21"}, {"->", "$36"},
		{"=/~", "$44"}, {"~/=", "$44"},  {"=~", "$44"},  {"N", "$146"},
		{"D", "$220"},  {"/\\", "$140"}, {"ep", ""},     {"e", ""},
		{"p", ""},      {"ch", ""},      {"mate", ""},   {"+", ""},
		{"#", ""},      {"++", ""},      {"-", ""},      {"/", ""},
		{"<", ""},      {">", ""},       {"<=", ""},     {">=", ""},
		{"_", ""},      {":", ""},
	};

	/* No sign has a digit, and moves and numbers have. */
	if (!word[0] || strpbrk(word, "0123456789"))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(word, known[i].word))
			return known[i].nag;
	return NULL;
}

/* Behind the last rank that it names comes the piece of a promotion, then check
 * or mate.  What is left is a sign: "Nf3+-" is White who wins, not a check. */
size_t pgn_move_length(const char *word)
{
	size_t n = strlen(word), end = 0, k;

	/* As nearly all are. */
	if (n > 1 && word[n - 1] >= '1' && word[n - 1] <= '8' &&
	    word[n - 2] >= 'a' && word[n - 2] <= 'h')
		return n;
	if (strchr("O0o", word[0]))
		end = strspn(word, "O0o-");
	while (end && word[end - 1] == '-')
		end--;
	for (size_t i = 1; i < n; i++)
		if (word[i] >= '1' && word[i] <= '8' && word[i - 1] >= 'a' &&
		    word[i - 1] <= 'h')
			end = i + 1;
	if (!end)
		return n;
	k = end + (word[end] == '=' || word[end] == '/');
	if (word[k] && (strchr("nbrq", word[k]) ||
			(strchr("NBRQ", word[k]) &&
			 (word[end - 1] == '8' || word[end - 1] == '1') &&
			 strchr("abcdefgh", word[0]))))
		end = k + 1;
	if (pgn_sign(word + end) && *pgn_sign(word + end))
		return end;
	while (word[end] == '+' || word[end] == '#')
		end++;
	return end;
}

bool pgn_is_odd(const char *word)
{
	for (; *word; word++)
		if (*word & 0x80)
			return true;
	return false;
}

/* What a character stands for: text of ASCII, or a NAG that ends the part; ""
 * ends it alone. */
static const char *meaning(uint32_t code)
{
	static const struct {
		uint32_t code;
		const char *text;
	} known[] = {
		{0x00a0, ""},     {0x00ab, ""},     {0x00ad, ""},
		{0x00b1, "$16"},  {0x00b7, ""},     {0x00bb, ""},
		{0x00bd, "1/2"},  {0x00d7, "x"},    {0x0394, "$140"},
		{0x2009, ""},     {0x200a, ""},     {0x200b, ""},
		{0x200c, ""},     {0x200d, ""},     {0x200e, ""},
		{0x200f, ""},     {0x2010, "-"},    {0x2011, "-"},
		{0x2012, "-"},    {0x2013, "-"},    {0x2014, "-"},
		{0x2015, "-"},    {0x2020, "+"},    {0x2021, "#"},
		{0x2026, ""},     {0x202f, ""},     {0x203c, "$3"},
		{0x2047, "$4"},   {0x2048, "$6"},   {0x2049, "$5"},
		{0x2060, ""},     {0x2190, ""},     {0x2191, "$36"},
		{0x2192, "$40"},  {0x21c4, "$132"}, {0x21c6, "$132"},
		{0x21d1, "$36"},  {0x21d2, "$40"},  {0x21d4, "$239"},
		{0x21d7, "$239"}, {0x2197, "$239"}, {0x2206, "$140"},
		{0x2212, "-"},    {0x2213, "$17"},  {0x221e, "$13"},
		{0x2295, "$138"}, {0x2296, "$22"},  {0x2299, "$22"},
		{0x22a5, ""},     {0x2313, "$142"}, {0x2a00, "$22"},
		{0x2a01, "$138"}, {0x2a71, "$15"},  {0x2a72, "$14"},
		{0x2264, ""},     {0x2265, ""},     {0x25a0, "$7"},
		{0x25a1, "$7"},   {0x25cb, "$238"}, {0x25ef, "$238"},
		{0x25e8, "$22"},  {0x27f3, "$32"},  {0x27f7, "$239"},
		{0x27eb, "$239"}, {0x2b12, ""},     {0x3000, ""},
		{0xfe0e, "-0"},   {0xfe0f, "-0"},   {0xfeff, ""},
		{0x2654, "K"},    {0x2655, "Q"},    {0x2656, "R"},
		{0x2657, "B"},    {0x2658, "N"},    {0x2659, "-0"},
		{0x265a, "K"},    {0x265b, "Q"},    {0x265c, "R"},
		{0x265d, "B"},    {0x265e, "N"},    {0x265f, "-0"},
		{0x00a1, ""},     {0x00b0, ""},     {0x2122, ""},
		{0xfffd, ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].code == code)
			return known[i].text;
	return NULL;
}

void pgn_parts_begin(struct pgn_parts *p, const char *word)
{
	buf_init(&p->text);
	text_add_utf8(&p->text, word, strlen(word));
	p->at = 0;
}

void pgn_parts_end(struct pgn_parts *p)
{
	buf_release(&p->text);
}

bool pgn_next_part(struct pgn_parts *p, char *out, size_t size,
		   const char **nag)
{
	size_t n = 0;

	*nag = NULL;
	if (p->at >= p->text.len)
		return false;
	out[0] = '\0';
	while (p->at < p->text.len) {
		const char *at = p->text.data + p->at, *text = NULL;
		uint32_t code = 0;
		int len = text_utf8(at, p->text.len - p->at, &code);

		if (len < 1)
			len = 1;
		p->at += (size_t)len;
		if (!(*at & 0x80))
			text = NULL;
		else
			text = meaning(code);
		if (text && (!*text || *text == '$')) {
			*nag = *text ? text : NULL;
			break;
		}
		/* "-0": nothing, and the part goes on. */
		if (text && !strcmp(text, "-0"))
			continue;
		if (!text)
			text = at;
		else
			len = (int)strlen(text);
		if (n + (size_t)len < size) {
			memcpy(out + n, text, (size_t)len);
			n += (size_t)len;
		}
	}
	out[n] = '\0';
	return true;
}
