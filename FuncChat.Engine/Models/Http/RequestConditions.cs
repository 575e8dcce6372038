using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// What a provider's refusal of a field may depend on: which other fields the request has, and the values of those that change what a model accepts.
/// A model may refuse `temperature` with one effort, and accept it with another, in the same words as one that never accepts it.
/// </summary>
internal static partial class RequestConditions
{
    // Longer values are not of the kind that a model's limits depend on.
    private const int LongestValue = 64;

    /// <summary>The options whose values matter; of the others, that they are set.</summary>
    private static readonly string[] WithValue = ["reasoning_effort", "verbosity", "service_tier", "store", "parallel_tool_calls", "tool_choice"];

    /// <summary>Whether a text names one of the fields that are compared, apart from one, or the model, which is the same for all requests that are.</summary>
    public static bool AreNamedIn(string text, string except) =>
        Names().Matches(text).Any(name => !except.Contains(name.Value, StringComparison.OrdinalIgnoreCase))
        || RequestOptions.Optional.Concat(RequestOptions.Essential).Any(name => name != except && text.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A text that is the same for all requests under the same conditions.</summary>
    public static string Of(ModelRequest request)
    {
        var sampling = request.Sampling;
        var conditions = new List<string>();
        Add("tools", request.Tools.Count > 0);
        Add("forbidden", request.ForbidsToolCalls);
        Add("temperature", sampling.Temperature is not null);
        Add("top_p", sampling.TopP is not null);
        Add("frequency_penalty", sampling.FrequencyPenalty is not null);
        Add("presence_penalty", sampling.PresencePenalty is not null);
        if (request.ResponseSchema is { } schema)
            conditions.Add($"schema={Convert.ToHexString(SHA256.HashData(JsonMarshal.GetRawUtf8Value(schema.Schema)))}");
        foreach (var (name, value) in request.Options.OrderBy(static option => option.Key, StringComparer.Ordinal))
            conditions.Add(WithValue.Contains(name) && value.Utf8.Length <= LongestValue ? $"{name}={Encoding.UTF8.GetString(value.Utf8.Span)}" : name);
        return string.Join('\n', conditions);

        void Add(string name, bool isSet)
        {
            if (isSet)
                conditions.Add(name);
        }
    }

    [GeneratedRegex(
        "tool|function|temperature|top_p|frequency_penalty|presence_penalty|schema|json|structured|thinking|reasoning|effort|stream|model",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
