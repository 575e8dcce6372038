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

    [Fact]
    public void Trigger_for_unknown_routes_comes_last_when_the_host_tries_them_by_name()
    {
        var names = Functions().Where(function => TriggerOf(function) is not null)
            .Select(function => function.GetCustomAttribute<FunctionAttribute>()!.Name);

        Assert.Equal(UnknownRouteFunction.Name, names.Order(StringComparer.OrdinalIgnoreCase).Last());
    }

    private static IEnumerable<MethodInfo> Functions() =>
        typeof(ChatFunctions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FunctionAttribute)));

    private static HttpTriggerAttribute? TriggerOf(MethodInfo function) =>
        function.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null);

    private static IEnumerable<HttpTriggerAttribute> Triggers() => Functions().Select(TriggerOf).OfType<HttpTriggerAttribute>();

    private static SortedSet<string> Triggered() =>
    [
        .. Triggers().Where(trigger => trigger.Route != UnknownRouteFunction.Route)
            .SelectMany(trigger => trigger.Methods!.Select(method => $"{method.ToUpperInvariant()} /api/{trigger.Route}")),
    ];

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
