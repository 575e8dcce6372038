using System.Reflection;
using FuncChat.Engine;
using FuncChat.Http;
using FuncChat.Tools;
using FuncChat.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Host.Tests.Http;

public sealed class TriggerTests
{
    [Fact]
    public async Task Triggers_are_the_routes_that_the_other_host_maps() => Assert.Equal(await MappedAsync(), Triggered());

    [Fact]
    public void Triggers_ask_for_no_function_key() =>
        Assert.All(Triggers(), trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel));

    private static IEnumerable<HttpTriggerAttribute> Triggers() =>
        typeof(ChatFunctions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .OfType<HttpTriggerAttribute>();

    private static SortedSet<string> Triggered() =>
        [.. Triggers().SelectMany(trigger => trigger.Methods!.Select(method => $"{method.ToUpperInvariant()} /api/{trigger.Route}"))];

    private static async Task<SortedSet<string>> MappedAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services
            .AddFuncChatTools(builder.Configuration)
            .AddFuncChatEngine(builder.Configuration)
            .AddEmbeddedAdapters(builder.Configuration)
            .AddFuncChatWeb(builder.Configuration);
        await using var app = builder.Build();
        app.MapFuncChat();
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
        return
        [
            .. endpoints.SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {endpoint.RoutePattern.RawText}")),
        ];
    }
}
