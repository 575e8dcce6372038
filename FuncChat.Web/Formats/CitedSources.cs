using System.Buffers;
using System.Globalization;
using FuncChat.Engine.Events;

namespace FuncChat.Web.Formats;

/// <summary>The sources of a turn, and the places in a text that cite them: a source of a tool as `[1]`, and one that came with an answer in any way.</summary>
internal sealed class CitedSources
{
    // No address that a text shows is longer.
    private const int MaxAddress = 2048;

    private static readonly SearchValues<char> Punctuation = SearchValues.Create(".,:;!?/*~'(|$");

    // What ends every address, so that another one can follow it without a space.
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n<>\"'`()[]{}|,;*");

    private readonly List<CitationEvent> _all = [];
    private readonly HashSet<int> _ofAnswers = [];
    private readonly HashSet<int> _ofLastAnswer = [];

    /// <summary>Whether the model is answering: a source that is announced now came with the answer.</summary>
    public bool IsAnswering { get; private set; }

    public void Add(TurnEvent turnEvent)
    {
        switch (turnEvent)
        {
            case LlmRequestEvent { Tool: null }:
                IsAnswering = true;
                _ofLastAnswer.Clear();
                break;
            case MessageCompleteEvent:
                IsAnswering = false;
                break;
            case MessageResetEvent:
                IsAnswering = false;
                _all.RemoveAll(source => _ofLastAnswer.Contains(source.Number));
                _ofAnswers.ExceptWith(_ofLastAnswer);
                break;
            case CitationEvent source:
                _all.Add(source);
                if (IsAnswering && _ofAnswers.Add(source.Number))
                    _ofLastAnswer.Add(source.Number);
                break;
        }
    }

    /// <summary>Finds the first place of each source in the text.</summary>
    /// <param name="isWhole">Whether the text is that of all answers, or else that of the last one.</param>
    public IEnumerable<(CitationEvent Source, int Start, int End)> In(string text, bool isWhole)
    {
        foreach (var source in _all)
        {
            if (_ofAnswers.Contains(source.Number) && FindAddress(text, source.Url) is { } link)
                yield return (source, link, link + source.Url.Length);
            else if (FormattableString.Invariant($"[{source.Number}]") is var mark && Find(text, mark) is { } start)
                yield return (source, start, start + mark.Length);
            else if ((isWhole ? _ofAnswers : _ofLastAnswer).Contains(source.Number))
                yield return (source, text.Length, text.Length); // No mark: Anthropic's text has none.
        }
    }

    // Not within a longer one.
    private static int? FindAddress(string text, string url)
    {
        for (var at = text.IndexOf(url, StringComparison.Ordinal); at >= 0; at = text.IndexOf(url, at + 1, StringComparison.Ordinal))
        {
            if (!IsInside(text.AsSpan(Math.Max(0, at - MaxAddress)..at)) && IsEnd(text.AsSpan(at + url.Length)))
                return at;
        }

        return null;
    }

    // Whether another address continues after this, as in https://example.com/?u=https://…
    private static bool IsInside(ReadOnlySpan<char> before)
    {
        var open = before[(before.LastIndexOfAny(Separators) + 1)..];
        return open.Contains("://", StringComparison.Ordinal) && (open[^1] is '/' or '?' or '#' or ':' || Continues(open[^1]));
    }

    // Whether an address may end before this: at punctuation that is not in the middle of one, or a fragment.
    private static bool IsEnd(ReadOnlySpan<char> rest) => rest.IndexOfAnyExcept(Punctuation) is var next && (next < 0 || !Continues(rest[next]));

    // Chinese and Japanese have no space after an address, so their letters end it.
    private static bool Continues(char next) => next is '-' or '_' or '=' or '&' or '%' or '+' or '@' || char.GetUnicodeCategory(next) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.DecimalDigitNumber;

    private static int? Find(string text, string part) => text.IndexOf(part, StringComparison.Ordinal) is >= 0 and var place ? place : null;
}
