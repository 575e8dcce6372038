using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>The fields that say how the model samples, with OpenAI's ranges.</summary>
internal static class SamplingFields
{
    private const int MostTokens = 10_000_000;

    public static IReadOnlyList<string> Known { get; } = ["temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty"];

    /// <param name="field">One of <see cref="Known"/>.</param>
    public static AppError? Read(JsonProperty field, string path, ref SamplingOptions sampling)
    {
        var (minimum, maximum) = field.Name switch
        {
            "temperature" => (0.0, 2.0),
            "top_p" => (0.0, 1.0),
            "frequency_penalty" or "presence_penalty" => (-2.0, 2.0),
            _ => (1.0, MostTokens),
        };
        if (JsonField.ReadNumber(field.Value, path, minimum, maximum, out var number) is { } error)
            return error;
        if (field.Name == "max_tokens" && number is { } tokens && tokens != Math.Floor(tokens))
            return JsonField.Fault(path, "This must be a whole number.");

        sampling = field.Name switch
        {
            "temperature" => sampling with { Temperature = number },
            "top_p" => sampling with { TopP = number },
            "frequency_penalty" => sampling with { FrequencyPenalty = number },
            "presence_penalty" => sampling with { PresencePenalty = number },
            _ => sampling with { MaxTokens = (int?)number },
        };
        return null;
    }
}
