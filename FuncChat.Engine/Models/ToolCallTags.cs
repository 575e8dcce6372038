using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FuncChat.Tools;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models;

/// <summary>
/// Reads the calls that a model writes at the end of its text, as `&lt;tool_call&gt;{"name":"…","arguments":{…}}&lt;/tool_call&gt;`, where the server leaves them there.
/// Qwen and Hermes write this form. What is followed by text, names no tool of the request, or is in the middle of a line is a part of the text.
/// </summary>
internal sealed class ToolCallTags(IReadOnlyList<AIFunctionDeclaration> tools)
{
    private const string Open = "<tool_call>";
    private const string Close = "</tool_call>";
    private const int LongestOpen = 9 + 6 + 6; // with its brackets escaped
    private const int LongestSpace = 64;
    private const int LongestCalls = 1024 * 1024;
    private const int MostCalls = 64;

    private readonly List<byte> _held = [];
    private bool _startsLine = true;
    private bool _isOver = tools.Count == 0;

    /// <summary>Whether a chunk can be passed on as it is, as nearly all can.</summary>
    public bool Passes(in ModelChunk chunk)
    {
        if (_isOver)
            return true;
        if (_held.Count > 0)
            return false;
        if (chunk.Kind is ModelChunkKind.ToolCall)
            _isOver = true; // The server reads them.
        if (chunk.Kind is not ModelChunkKind.Text)
            return true;
        var text = chunk.EscapedText.Span;
        if (StartOfCalls(text) >= 0)
            return false;
        PassOn(text);
        return true;
    }

    /// <summary>What to pass on for a chunk. What may be calls is held until it is known what follows.</summary>
    public IReadOnlyList<ModelChunk> Split(ModelChunk chunk)
    {
        if (Passes(chunk))
            return [chunk];
        switch (chunk.Kind)
        {
            case ModelChunkKind.Text:
                return AddText(chunk.EscapedText);
            case ModelChunkKind.Finish when chunk.FinishReason is FinishReason.Stop or FinishReason.ToolCalls && Read() is { } calls:
                return [.. calls, ModelChunk.OfFinish(FinishReason.ToolCalls, chunk.ResponseModel)];
            case ModelChunkKind.ToolCall or ModelChunkKind.Reasoning or ModelChunkKind.Refusal or ModelChunkKind.Finish:
                _isOver |= chunk.Kind is ModelChunkKind.ToolCall;
                return [.. BreakOff(), chunk];
            default:
                return [chunk];
        }
    }

    /// <summary>What is held, if the answer breaks off.</summary>
    public IReadOnlyList<ModelChunk> BreakOff()
    {
        var held = _held.ToArray();
        _held.Clear();
        PassOn(held);
        return held.Length == 0 ? [] : [ModelChunk.OfText(held)];
    }

    private IReadOnlyList<ModelChunk> AddText(ReadOnlyMemory<byte> text)
    {
        _held.AddRange(text.Span);
        if (_held.Count > LongestCalls)
        {
            _isOver = true;
            return BreakOff();
        }

        if (_held.Count > text.Length && MayBeCalls(CollectionsMarshal.AsSpan(_held)))
            return [];
        var start = StartOfCalls(CollectionsMarshal.AsSpan(_held));
        if (start < 0)
            return BreakOff();
        var before = _held[..start].ToArray();
        _held.RemoveRange(0, start);
        _startsLine = true;
        return start == 0 ? [] : [ModelChunk.OfText(before)];
    }

    private void PassOn(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
            _startsLine = EndsLine(text);
    }

    // Where a line begins that may be a call; -1 where none does.
    private int StartOfCalls(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny((byte)'<', (byte)'\\');
            if (next < 0)
                return -1;
            at += next;
            if ((at == 0 ? _startsLine : EndsLine(text[..at])) && MayBeCalls(text[at..]))
                return at;
        }

        return -1;
    }

    // Not two backslashes and a letter.
    private static bool EndsLine(ReadOnlySpan<byte> text)
    {
        if (!text.EndsWith("\\n"u8))
            return false;
        var backslashes = text[..^1];
        return (backslashes.Length - (backslashes.LastIndexOfAnyExcept((byte)'\\') + 1)) % 2 == 1;
    }

    private static bool MayBeCalls(ReadOnlySpan<byte> text)
    {
        var start = Plain(text[..Math.Min(text.Length, LongestOpen)]);
        if (!start.StartsWith(Open, StringComparison.Ordinal))
            return Open.StartsWith(start, StringComparison.Ordinal);
        var length = (text[0] == '<' ? 1 : 6) + "tool_call".Length;
        text = text[(length + (text[length] == '>' ? 1 : 6))..];
        var rest = ThinkTags.TrimStart(text[..Math.Min(text.Length, LongestSpace)]);
        return rest.IsEmpty ? text.Length <= LongestSpace : rest[0] == '{';
    }

    // Null where the text is not calls of the tools, and nothing else.
    private List<ModelChunk>? Read()
    {
        var calls = new List<ModelChunk>();
        var rest = UnescapedText.Escape(JsonElement.Parse(LoneSurrogates.Replace((byte[])[(byte)'"', .. _held, (byte)'"']).Span).GetString()!).Trim();
        while (rest.Length > 0)
        {
            if (calls.Count == MostCalls || !rest.StartsWith(Open, StringComparison.Ordinal))
                return null;
            rest = rest[Open.Length..].TrimStart();
            if (ToolCallText.FirstObject(rest) is not { } json || ReadCall(json, calls.Count) is not { } call)
                return null;
            calls.Add(ModelChunk.OfToolCall(call));
            rest = rest[json.Length..].TrimStart();

            // Some servers remove the last tag with the tokens that end an answer.
            if (rest.StartsWith(Close, StringComparison.Ordinal))
                rest = rest[Close.Length..].TrimStart();
            else if (rest.Length > 0)
                return null;
        }

        return calls;
    }

    private ToolCallPiece? ReadCall(string json, int index)
    {
        using var document = JsonDocument.Parse(ToolCallText.WholeText(json));
        var name = MessageJson.Text(document.RootElement, "name");
        if (!tools.Any(tool => tool.Name == name) || !document.RootElement.TryGetProperty("arguments", out var arguments))
            return null;
        return arguments.ValueKind switch
        {
            JsonValueKind.Object => new ToolCallPiece(index, Id: null, name, arguments.GetRawText()),
            JsonValueKind.String => new ToolCallPiece(index, Id: null, name, arguments.GetString()),
            _ => null,
        };
    }

    private static string Plain(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text)
        .Replace("\\u003c", "<", StringComparison.OrdinalIgnoreCase).Replace("\\u003e", ">", StringComparison.OrdinalIgnoreCase);
}
