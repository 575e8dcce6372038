using System.Text;
using System.Text.Json;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;

namespace FuncChat.Web.UiChat;

/// <summary>One model call of an assistant message: its text and the tool calls that have a result.</summary>
internal sealed class UiStep
{
    private readonly StringBuilder _text = new();
    private readonly List<AnsweredCall> _calls = [];
    private bool _lacksResult;
    private JsonElement? _providerData;

    public string Text => _text.ToString();

    public IReadOnlyList<AnsweredCall> Calls => _calls;

    public bool HasCalls => _calls.Count > 0 || _lacksResult;

    /// <summary>What the provider wants back. It refers to all calls of the step, so it is of no use if one of them has no result.</summary>
    public JsonElement? ProviderData => _lacksResult ? null : _providerData;

    public void Add(JsonElement part)
    {
        if (UiMessageParts.IsTool(part))
            AddCall(part);
        else if (UiMessageParts.TypeOf(part) == "text")
            _text.Append(JsonField.TextOf(part, "text"));
        else
            return;
        _providerData ??= UiMessageParts.ProviderDataOf(part);
    }

    private void AddCall(JsonElement part)
    {
        if (JsonField.TextOf(part, "toolCallId") is not { } id || UiMessageParts.ToolNameOf(part) is not { Length: > 0 } name || UiMessageParts.ResultOf(part) is not { } result)
        {
            _lacksResult = true;
            return;
        }

        var arguments = !part.TryGetProperty("input", out var input) || input.ValueKind == JsonValueKind.Null ? "{}"
            : input.ValueKind == JsonValueKind.String ? JsonField.TextOf(part, "input") ?? "{}"
            : input.GetRawText();
        _calls.Add(new AnsweredCall(id, name, arguments, result));
    }
}
