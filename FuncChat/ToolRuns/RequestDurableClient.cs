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

    /// <summary>Sets the client that tool runs of the request use.</summary>
    internal HttpContext Bind(HttpRequest request, DurableTaskClient client)
    {
        Bind(client);
        return request.HttpContext;
    }

    /// <summary>Sets the client that tool runs of this invocation use.</summary>
    internal void Bind(DurableTaskClient client) => _client = client;
}
