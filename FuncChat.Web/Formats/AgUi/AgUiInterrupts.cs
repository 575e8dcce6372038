using FuncChat.Engine;
using FuncChat.Engine.Events;

namespace FuncChat.Web.Formats.AgUi;

/// <summary>The open requests of a turn to a person, as interrupts.</summary>
internal sealed class AgUiInterrupts(string turnId)
{
    private static readonly RawJson ApprovalSchema = new(
        """{"type":"object","properties":{"approved":{"type":"boolean"},"arguments":{"type":"object"},"reason":{"type":"string"}},"required":["approved"]}"""u8.ToArray());

    private readonly Dictionary<string, AgUiInterrupt> _open = new(StringComparer.Ordinal);

    public IReadOnlyList<AgUiInterrupt> Open => [.. _open.Values];

    public void Add(ApprovalRequestEvent request) => _open[request.Id] =
        new AgUiInterrupt(IdOf(request), "tool_call", request.Reason ?? $"The call of {request.Name} needs an approval.", request.ExpiresAt)
        {
            ToolCallId = request.CallId,
            ResponseSchema = ApprovalSchema,
        };

    public void Add(InputRequestEvent request) => _open[request.Id] =
        new AgUiInterrupt(IdOf(request), "input_required", request.Url is { } url ? $"{request.Message}\n{url}" : request.Message, request.ExpiresAt) { ToolCallId = request.CallId, ResponseSchema = request.Schema };

    public void Add(BudgetRequestEvent request) => _open[request.Id] =
        new AgUiInterrupt(IdOf(request), "confirmation", $"The limit {request.Limit} is reached: {request.Used} is used, and {request.Needed} more is needed.", request.ExpiresAt)
        {
            ToolCallId = request.CallId,
            ResponseSchema = ApprovalSchema,
        };

    public void Answer(RequestAnsweredEvent answered) => _open.Remove(answered.Id);

    private string IdOf(IPersonRequest request) => new PersonRequestId(turnId, request.Id).ToString();
}
