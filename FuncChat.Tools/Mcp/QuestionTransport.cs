using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// Passes a server's questions (results of type `input_required`) on to the caller. The SDK answers them at once, from a handler that does not
/// receive the state to return. Here a person answers, and another instance may retry the call.
/// Reports of progress are passed on from here too, in their order: the SDK runs the handlers of notifications side by side.
/// </summary>
internal sealed class QuestionTransport(IClientTransport inner, Action<ProgressNotificationParams> report) : IClientTransport, IAsyncDisposable
{
    // A server that sets this key itself only asks a question in another way.
    public const string Key = "funcchat/input_required";

    public string Name => inner.Name;

    /// <summary>The questions in a result; null if it is an ordinary one.</summary>
    public static McpReply? QuestionsIn(CallToolResult result) => result.Meta?[Key] is JsonObject asked
        ? new McpReply(
            null, asked["inputRequests"] is { } requests ? JsonSerializer.SerializeToElement(requests) : null,
            asked["requestState"] is JsonValue state && state.TryGetValue<string>(out var text) ? text : null)
        : null;

    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => new Connection(await inner.ConnectAsync(cancellationToken), report);

    public ValueTask DisposeAsync() => inner is IAsyncDisposable disposable ? disposable.DisposeAsync() : default;

    private static JsonRpcMessage TryTranslate(JsonRpcMessage message)
    {
        try
        {
            if (message is JsonRpcResponse response)
                ResultTexts.Repair(response.Result);
            else if (message is JsonRpcRequest { Method: RequestMethods.ElicitationCreate } request)
                McpQuestion.Repair(request.Params);
            else if (message is JsonRpcError { Error: var error })
                error.Message = McpErrors.WithData(error.Message, error.Data);
            return Translate(message);
        }
        catch (Exception odd) when (odd is ArgumentException or InvalidOperationException)
        {
            // A name occurs twice, or is no text. The SDK reads the message as it is.
            return message;
        }
    }

    private static JsonRpcMessage Translate(JsonRpcMessage message)
    {
        if (message is JsonRpcResponse { Result: JsonObject result } response
            && result["resultType"] is JsonValue type && type.TryGetValue<string>(out var name) && name == "input_required")
        {
            response.Result = new JsonObject { ["content"] = new JsonArray(), ["_meta"] = new JsonObject { [Key] = result.DeepClone() } };
        }

        return message;
    }

    private sealed class Connection(ITransport transport, Action<ProgressNotificationParams> report) : ITransport
    {
        public string? SessionId => transport.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader { get; } = new Reader(transport.MessageReader, report);

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => transport.SendMessageAsync(message, cancellationToken);

        public ValueTask DisposeAsync() => transport.DisposeAsync();
    }

    private sealed class Reader(ChannelReader<JsonRpcMessage> inner, Action<ProgressNotificationParams> report) : ChannelReader<JsonRpcMessage>
    {
        public override Task Completion => inner.Completion;

        public override bool TryRead([MaybeNullWhen(false)] out JsonRpcMessage item)
        {
            while (inner.TryRead(out item))
            {
                if (item is JsonRpcNotification { Method: NotificationMethods.ProgressNotification } progress)
                {
                    Report(progress.Params);
                    continue;
                }

                item = TryTranslate(item);
                return true;
            }

            return false;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => inner.WaitToReadAsync(cancellationToken);

        private void Report(JsonNode? parameters)
        {
            try
            {
                if (parameters.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions) is { } progress)
                    report(progress);
            }
            catch (JsonException)
            {
                // It names no call, or no number.
            }
        }
    }
}
