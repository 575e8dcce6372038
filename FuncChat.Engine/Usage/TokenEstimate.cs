using System.Runtime.InteropServices;
using System.Text.Json;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Usage;

/// <summary>Estimates the tokens of a model call before its provider reports them, or where it never does: one for every four bytes.</summary>
internal static class TokenEstimate
{
    /// <summary>The output that is reserved for a call that sets no limit.</summary>
    public const int DefaultOutput = 4096;

    private const int BytesPerToken = 4;

    // Providers scale images down. What they charge for audio and documents depends on their length, not on their bytes.
    private const int ImageTokens = 1500;
    private const int BytesPerMediaToken = 32;

    public static long OfAnswer(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    public static long OfInput(ModelRequest request)
    {
        long tokens = 0;
        foreach (var message in request.Messages)
            tokens += OfMessage(message.Span);
        foreach (var tool in request.Tools)
            tokens += OfAnswer(tool.Name.Length + tool.Description.Length + JsonMarshal.GetRawUtf8Value(tool.JsonSchema).Length);
        return tokens;
    }

    /// <summary>The output that a call may produce.</summary>
    public static long OfOutput(ModelRequest request) => Math.Max(request.Sampling.MaxTokens ?? DefaultOutput, 1);

    // Media is in strings of its own, whose names only parts of these kinds have: text under them reaches no model as text.
    private static long OfMessage(ReadOnlySpan<byte> message)
    {
        long media = 0, tokens = 0;
        var reader = new Utf8JsonReader(message);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var isImage = reader.ValueTextEquals("url"u8);
            if (!isImage && !reader.ValueTextEquals("data"u8) && !reader.ValueTextEquals("file_data"u8))
                continue;
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                continue;
            media += reader.ValueSpan.Length;
            tokens += isImage ? ImageTokens : OfAnswer(reader.ValueSpan.Length) * BytesPerToken / BytesPerMediaToken;
        }

        return tokens + OfAnswer(message.Length - media);
    }
}
