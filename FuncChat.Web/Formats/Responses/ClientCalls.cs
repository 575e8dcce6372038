using FuncChat.Engine;
using FuncChat.Engine.Events;

namespace FuncChat.Web.Formats.Responses;

/// <summary>The items of calls of the client's own tools.</summary>
internal sealed class ClientCalls(ResponseId id, ResponseOutput output, ResponseSequence sequence)
{
    /// <param name="end">The item's status at its end.</param>
    public void Add(ClientToolCall call, ClientToolName tool, string end)
    {
        if (tool.IsCustom)
            AddCustom(call, tool, end);
        else
            AddFunction(call, tool, end);
    }

    private void AddCustom(ClientToolCall call, ClientToolName tool, string end)
    {
        var number = sequence.Next();
        var itemId = id.ItemId("ctc", number);
        var input = ClientToolNames.InputIn(call.Arguments);
        var index = output.Add(number, Item(ItemStatus.InProgress, ""));
        output.Emit("response.custom_tool_call_input.delta", index, itemId, e => e with { Delta = JsonText.Of(input) });
        output.Emit("response.custom_tool_call_input.done", index, itemId, e => e with { Input = input });
        output.Finish(index, Item(end, input));

        RawJson Item(string status, string text) => ResponseSequence.Json(
            new CustomCallItem(itemId, status, call.Id, tool.Name, text) { Namespace = tool.Namespace }, ResponsesJson.Relaxed.CustomCallItem);
    }

    private void AddFunction(ClientToolCall call, ClientToolName tool, string end)
    {
        var number = sequence.Next();
        var itemId = id.ItemId("fc", number);
        var index = output.Add(number, Item(ItemStatus.InProgress, ""));
        output.Emit("response.function_call_arguments.delta", index, itemId, e => e with { Delta = JsonText.Of(call.Arguments) });
        output.Emit("response.function_call_arguments.done", index, itemId, e => e with { Name = tool.Name, Arguments = call.Arguments });
        output.Finish(index, Item(end, call.Arguments));

        RawJson Item(string status, string arguments) => ResponseSequence.Json(
            new FunctionCallItem(itemId, status, call.Id, tool.Name, arguments) { Namespace = tool.Namespace }, ResponsesJson.Relaxed.FunctionCallItem);
    }
}
