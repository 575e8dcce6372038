using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace FuncChat.ToolRuns;

/// <summary>
/// The Durable client of the request at hand. The Functions host binds a client to an invocation, not to the process: the trigger sets it here, and
/// the tool runner of the request's scope uses it.
/// </summary>
public sealed class RequestDurableClient
{
    private DurableTaskClient? _client;

    /// <exception cref="InvalidOperationException">The trigger did not set the client.</exception>
    internal DurableTaskClient Client => _client ?? throw new InvalidOperationException("The trigger did not set the request's Durable client.");

    /// <summary>Sets the client that the handler's tool runs use.</summary>
    internal Func<Task<IResult>> BindTo(DurableTaskClient client, Func<Task<IResult>> handler)
    {
        _client = client;
        return handler;
    }
}
