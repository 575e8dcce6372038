using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// Finds the optional field that a provider refuses, so that the call can be repeated without it. Providers differ in which fields they know and
/// in how they say so; nearly all name the field.
/// </summary>
internal static partial class RefusedFields
{
    public const string StreamOptions = "stream_options";
    public const string MaxTokens = "max_tokens";
    public const string MaxCompletionTokens = "max_completion_tokens";
    public const string DeveloperRole = "developer";
    public const string ToolChoiceNone = "tool_choice";
    public const string JsonSchema = "response_format";
    public const string Reasoning = "reasoning_content";
    public const string Name = "name";
    public const string CacheControl = "cache_control";
    public const string Strict = "strict";

    private const string ConversationWords = @"\b(?:messages?|conversations?|history|turns?|prompts?|prefill\w*|images?)\b";

    /// <summary>The words by which a refusal means a field, where they are not the field's name alone.</summary>
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        [StreamOptions] = [StreamOptions, "include_usage"],
        [JsonSchema] = [JsonSchema, "json_schema", "structured outputs", "structured output", "output_config", "text.format"],
        [Reasoning] = [Reasoning, "reasoning_details", "reasoning", "thinking", "thinking_blocks", "extra_content", "encrypted_content"],
        [ToolChoiceNone] = [ToolChoiceNone, "toolchoice"],
        [Name] = ["messages.name", "'name'", "\"name\"", "property name", "field name"],
        ["reasoning_effort"] = ["reasoning_effort", "reasoning.effort", "effort"],
        ["thinking"] = ["thinking", "adaptive", "budget_tokens"],
        ["include"] = ["include", "encrypted_content", "encrypted content"],
        ["reasoning"] = ["reasoning", "reasoning.effort", "reasoning.summary"],
    };

    /// <summary>The fields that a provider refuses or accepts whatever else a request has.</summary>
    private static readonly FrozenSet<string> Structural = FrozenSet.Create(StringComparer.Ordinal, StreamOptions, MaxTokens, MaxCompletionTokens, DeveloperRole);

    /// <summary>The fields of messages.</summary>
    private static readonly FrozenSet<string> InMessages = FrozenSet.Create(StringComparer.Ordinal, Reasoning, Name, CacheControl);

    /// <summary>What to leave out in the next try; null where the refusal has another reason.</summary>
    /// <param name="model">The name of the model, which a refusal may repeat.</param>
    public static ModelLimits? Find(CallRefusal refusal, string model, RequestBody body, ModelLimits limits)
    {
        if (refusal.Status is not (null or 400 or 404 or 415 or 422 or 501) || body.Sent.Count == 0)
            return null;

        // Some servers escape quotation marks too, and the escape would be part of the word.
        var text = WithoutName(model, Escape().Replace(refusal.Body, " "));

        // Without a status, the error may as well be a failure that another try does not have.
        if (refusal.Status is null && !IsRefusal().IsMatch(text))
            return null;

        // OpenRouter's status where no provider of a model knows the field. Of others, it is about the model or the address.
        if (refusal.Status is 404 && !(IsRefusal().IsMatch(text) || NoneSupports().IsMatch(text)))
            return null;
        if (!limits.NeedsReasoning && WordAt(text, Reasoning) >= 0 && AsksFor().IsMatch(text) && !Denies().IsMatch(text))
            return limits with { NeedsReasoning = true, Refused = limits.Refused.Remove(Reasoning) };
        var field = body.Sent.Select(sent => (sent, At: PlaceOf(text, sent))).Where(found => found.At >= 0).OrderBy(found => found.At)
            .Select(found => found.sent).FirstOrDefault();

        // A value out of range is the caller's to correct.
        if (field is null || (field is not DeveloperRole && OutOfRange().IsMatch(text)))
            return null;

        // So is a schema that is not strict.
        if (field is Strict && text.Contains("schema", StringComparison.OrdinalIgnoreCase) && !NamesStrictAsUnknown().IsMatch(text))
            return null;
        return IsAboutRequest(field, text) ? limits with { RefusedOnce = limits.RefusedOnce.Add(field) }
            : Structural.Contains(field) || InMessages.Contains(field) ? limits with { Refused = limits.Refused.Add(field) }
            : limits with { RefusedHere = limits.RefusedHere.Add(field) };
    }

    // A name such as my-assistant has words that mean something else in a refusal. One that is a single word, or a number, may be meant as that, and one with a
    // digit at an end may be part of a number.
    private static string WithoutName(string model, string text)
    {
        var name = model[(model.LastIndexOf('/') + 1)..];
        if (name.All(char.IsAsciiLetter) || name.All(char.IsAsciiDigit))
            return text;
        var kept = new StringBuilder();
        for (int start = 0, at; ; start = at + name.Length)
        {
            at = text.IndexOf(name, start, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return kept.Append(text, start, text.Length - start).ToString();
            var isInNumber = (char.IsAsciiDigit(name[0]) && at > 0 && char.IsAsciiDigit(text[at - 1]))
                || (char.IsAsciiDigit(name[^1]) && at + name.Length < text.Length && char.IsAsciiDigit(text[at + name.Length]));
            kept.Append(text, start, at - start).Append(isInNumber ? name : "it");
        }
    }

    // What is learned from such a refusal would hold for the requests of all callers.
    private static bool IsAboutRequest(string field, string text) =>
        !Structural.Contains(field)
        && (InMessages.Contains(field)
            ? !Denies().IsMatch(text)
            : IsForConversation(field, text) || PathInHistory().IsMatch(text) || (HistoryIn().IsMatch(text) && !RefusesField().IsMatch(text)) || IsAboutValue(field, text));

    private static bool IsAboutValue(string field, string text) =>
        (field == "reasoning" || RequestOptions.Optional.Contains(field))
        && RefusesValue().IsMatch(text.Replace("invalid_request_error", "", StringComparison.OrdinalIgnoreCase)) && !RefusesField().IsMatch(text);

    // Only in the sentences that refuse the field: others say what to do then, and whom to ask.
    private static bool IsForConversation(string field, string text) => Sentence().Matches(text).Select(sentence => sentence.Value).Any(sentence =>
        (PlaceOf(sentence, field) >= 0 || Denies().IsMatch(sentence)) && DependsOnConversation(VersionOrApi().Replace(sentence, ""), field));

    private static bool DependsOnConversation(string sentence, string field) =>
        WithConversation().IsMatch(sentence) || Conversation().IsMatch(Condition().Match(sentence).Value)
        || (Condition().Match(Advice().Replace(sentence, "")) is { Success: true, Value: var condition } && !RequestConditions.AreNamedIn(condition, except: field));

    private static int PlaceOf(string text, string field)
    {
        var places = Words.GetValueOrDefault(field, [field]).Select(word => WordAt(text, word)).Where(place => place >= 0).ToList();
        return places.Count == 0 ? -1 : places.Min();
    }

    private static int WordAt(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (!IsWordCharacter(text, at - 1) && !IsWordCharacter(text, at + word.Length))
                return at;
        }

        return -1;
    }

    private static bool IsWordCharacter(string text, int at) => at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    [GeneratedRegex(
        "(?:unknown|unrecognized|unexpected|unsupported|invalid|extra|missing|forbidden).{1,3}(?:request |keyword )?(?:field|parameter|argument|property|key|input|value|option|name)"
        + "|not supported|n't support|not support|not permitted|not allowed|must not be|(?:passed|sen[dt]) back|no such (?:field|parameter|argument|property|input|option)",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex IsRefusal();

    [GeneratedRegex(@"\bno (?:endpoints?|providers?)\b.{0,40}\bsupports?\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex NoneSupports();

    [GeneratedRegex("must|need|required|missing|passed back|sen[dt] back|has to be|have to be|provide", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex AsksFor();

    [GeneratedRegex("unsupported|not supported|does not support|unknown|unrecognized|unexpected|forbidden|not permitted|not allowed|extra|must not|no such",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Denies();

    [GeneratedRegex("invalid|unsupported.value|supported values|must be|should be|expected|one of", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex RefusesValue();

    [GeneratedRegex("unknown|unrecognized|unexpected|not permitted|extra|(?:unsupported|invalid).(?:parameter|argument)|only the default",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex RefusesField();

    [GeneratedRegex(
        @"(?:unknown|unrecognized|unexpected|unsupported|extra|no such)\W+(?:(?:request|field|parameter|argument|property|key|name|input|option|supplied)s?\W+){0,3}(?:(?:tools|function|\d+)\W+){0,3}strict(?:\W*$|\W*[""'`:,.)\]}]| at | in tools)"
        + @"|\bstrict\W+(?:msg\W+|was |is |field |parameter |argument ){0,2}(?:extra|unknown|unrecognized|unexpected|unsupported|not (?:supported|permitted|allowed|recognized|known))",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex NamesStrictAsUnknown();

    [GeneratedRegex(@"messages?[.\[]\d|input\[\d", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex PathInHistory();

    // The field is refused for what the conversation has, unless the refusal is of the field itself: that may echo the request or name a model.
    [GeneratedRegex(@"messages?[.\[]|input\[|assistant|conversation|history|prefill|block", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex HistoryIn();

    // Ends at a quotation mark that ends a string in JSON, and not within a name such as text.format.
    [GeneratedRegex(@"(?:[^.!?;""\\]|\\.|\.[^\s""\\])+", RegexOptions.NonBacktracking)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\b(?:when|whenever|if|while|unless|until|once|after|because|since)\b.*", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Condition();

    // When the provider dropped the field, or where: neither is a condition of the request.
    [GeneratedRegex(
        @"\bsince\W+(?:the\W+)?(?:(?:api\W+)?(?:version|release)\W+v?\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\W+\d|v\d|\d{4}\b|\d+[.-]\d)[\w.-]*"
        + "|" + ConversationWords + @"\W{1,3}(?:api|endpoint)\b",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex VersionOrApi();

    // Addresses the caller, as in "contact us if you need it".
    [GeneratedRegex(@"\bif (?:you|needed|necessary|required)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Advice();

    // A single word without a determiner describes another one, as in "prompt caching".
    [GeneratedRegex(
        @"\b(?:with|for)\b.*\b(?:(?:an?|the|this|that|your|its|each|every|any)\W+(?:(?:first|last|final|previous|current|user|assistant|tool)\W+){0,2}(?:message|conversation|turn|prompt|image)"
        + @"|messages|conversations|history|turns|prompts|prefill\w*|images|image (?:input|content)s?)\b",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex WithConversation();

    [GeneratedRegex(ConversationWords, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Conversation();

    [GeneratedRegex("too (?:large|long|big|high|small|low|many)|at most|at least|less than|greater than|maximum|minimum|between|out of range|exceed|[<>]=|context (?:length|window)",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex OutOfRange();
}
