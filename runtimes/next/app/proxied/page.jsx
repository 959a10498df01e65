export default function Page() {
  return <p>The proxy has let it pass</p>
}
