using FuncChat.Web.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Http;

/// <summary>
/// Answers where a function throws. The worker passes no exception of a function on to its web server, and the host would answer with an empty 500. It is thrown
/// on, so that the host counts the call as failed.
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
