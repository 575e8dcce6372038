using FuncChat.Web.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Http;

/// <summary>
/// Hands the exception of a function to <see cref="UncaughtExceptions"/>: the worker does not pass it to its web server, and the host would answer with an
/// empty 500. It is rethrown, so that the host counts the call as failed.
/// </summary>
internal sealed class UncaughtExceptionAnswer : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (context.GetHttpContext() is not null)
        {
            await context.InstanceServices.GetRequiredService<UncaughtExceptions>().AnswerAsync(context.GetHttpContext()!, e);
            throw;
        }
    }
}
