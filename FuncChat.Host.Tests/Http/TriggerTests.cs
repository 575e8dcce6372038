using System.Reflection;
using FuncChat.Http;
using FuncChat.Web.Routes;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Host.Tests.Http;

public sealed class TriggerTests
{
    [Fact]
    public void Every_route_has_a_trigger_of_its_name_and_methods_and_every_trigger_a_route() => Assert.Equal(
        typeof(ApiRoutes).GetProperties().Select(property => (property.Name, Route: property.GetValue(null) as ApiRoute)).Where(named => named.Route is not null)
            .Select(named => $"{named.Name}: {string.Join(' ', named.Route!.Methods)} {named.Route.Path}").Order(),
        Functions().Where(function => TriggerOf(function) is { } trigger && trigger.Route != UnknownRouteFunction.Route)
            .Select(function => $"{NameOf(function)}: {string.Join(' ', TriggerOf(function)!.Methods!).ToUpperInvariant()} {TriggerOf(function)!.Route}").Order());

    [Fact]
    public void Table_has_every_route() => Assert.Equal(
        typeof(ApiRoutes).GetProperties().Select(property => property.GetValue(null)).OfType<ApiRoute>().ToHashSet(), ApiRoutes.All.ToHashSet());

    [Fact]
    public void Triggers_ask_for_no_function_key() =>
        Assert.All(Triggers(), trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel));

    [Fact]
    public void Trigger_for_unknown_routes_comes_last_when_the_host_tries_them_by_name()
    {
        var names = Functions().Where(function => TriggerOf(function) is not null)
            .Select(NameOf);

        Assert.Equal(UnknownRouteFunction.Name, names.Order(StringComparer.OrdinalIgnoreCase).Last());
    }

    [Fact]
    public void Trigger_for_unknown_routes_takes_every_method() =>
        Assert.Null(Triggers().Single(trigger => trigger.Route == UnknownRouteFunction.Route).Methods);

    private static IEnumerable<MethodInfo> Functions() =>
        typeof(TurnFunctions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FunctionAttribute)));

    private static HttpTriggerAttribute? TriggerOf(MethodInfo function) =>
        function.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null);

    private static IEnumerable<HttpTriggerAttribute> Triggers() => Functions().Select(TriggerOf).OfType<HttpTriggerAttribute>();

    private static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;
}
