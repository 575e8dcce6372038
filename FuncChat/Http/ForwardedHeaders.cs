using System.Text.Json;
using FuncChat.Web.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Http;

/// <summary>
/// Restores the headers in which a proxy names its client, on a server that answers only its own machine. The host replaces them in the request that it passes on,
/// the worker renames what the host sends to <c>X-Original-*</c>, and the data of the trigger has what the client sent.
/// </summary>
internal sealed class ForwardedHeaders : IFunctionsWorkerMiddleware
{
    private const string Headers = "Headers";

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && context.InstanceServices.GetRequiredService<LoopbackOnlyPolicy>().IsInEffect)
            Restore(context.BindingContext.BindingData.GetValueOrDefault(Headers)?.ToString(), http.Request.Headers);
        return next(context);
    }

    private static void Restore(string? json, IHeaderDictionary headers)
    {
        if (string.IsNullOrEmpty(json))
            return;
        using var received = JsonDocument.Parse(json);
        foreach (var name in headers.Keys.Where(IsForwarded).ToArray())
            headers.Remove(name);
        foreach (var header in received.RootElement.EnumerateObject())
        {
            if (IsForwarded(header.Name))
                headers[header.Name] = header.Value.ToString();
        }
    }

    private static bool IsForwarded(string name) =>
        name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase);
}
