using FuncChat.Http;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace FuncChat.Host.Tests.Http;

public sealed class UncaughtExceptionAnswerTests
{
    private readonly Mock<FunctionContext> _context = new();

    public UncaughtExceptionAnswerTests()
    {
        _context.Setup(context => context.Items).Returns(new Dictionary<object, object>());
        _context.Setup(context => context.InstanceServices).Returns(new ServiceCollection()
            .AddSingleton(new UncaughtExceptions(NullLogger<UncaughtExceptions>.Instance))
            .BuildServiceProvider());
    }

    [Fact]
    public async Task Function_that_throws_is_answered_with_a_problem_and_counts_as_failed()
    {
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        _context.Object.Items["HttpRequestContext"] = http;

        await Assert.ThrowsAsync<InvalidOperationException>(ThrowAsync);

        Assert.Equal(StatusCodes.Status500InternalServerError, http.Response.StatusCode);
        Assert.Equal("application/problem+json", http.Response.ContentType);
    }

    [Fact]
    public Task Activity_that_throws_fails_and_nothing_else() => Assert.ThrowsAsync<InvalidOperationException>(ThrowAsync);

    private Task ThrowAsync() => new UncaughtExceptionAnswer().Invoke(_context.Object, _ => throw new InvalidOperationException("An address of ours."));
}
